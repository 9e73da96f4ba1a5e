import type { JsonObject } from '@andon/core/connector'
import type { ChangeRecord } from './record.js'

/** What one action is to an order, as the records tell. */
export interface Standing {
  /** No later action wants the order so or otherwise: it stands, or stood, by this one. */
  readonly last: boolean
  /** How the order stands where nobody but Andon has changed it since. */
  readonly ours: readonly string[]
  /** How the order has to stand without this action. */
  readonly without: string
}

interface Wish {
  readonly action: string
  readonly means: string
  readonly active: boolean
}

/** One side of an order: its importance, or its dates. Undefined where a state does not tell. */
export type Aspect = (state: JsonObject) => string | undefined

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export const importanceIn: Aspect = ({ importance }) =>
  typeof importance === 'string' ? importance : undefined
export const datesIn: Aspect = ({ start, end }) =>
  start === undefined || end === undefined ? undefined : `${text(start)} ${text(end)}`
/** The state that {@link datesIn} tells of. */
export function datesOf(dates: string): JsonObject {
  const [start = '', end = ''] = dates.split(' ')
  return { start, end }
}

/**
 * What an action is to an order that several actions and people change: the last action that is not taken back
 * decides, and without any the order stands as it did before the first. Found otherwise than they say, people have
 * changed it since: then nothing counts that came before.
 *
 * A record is written before its change. So of an action that had to write it down again only the last record counts;
 * and a state that an action wanted which is being taken back is not of people: its reversal has not come through yet.
 *
 * What this cannot tell: people set the order back to what it was before the action that they find, or to what an
 * action wanted that was taken back just before.
 *
 * @param records of changes to the order, oldest first
 * @returns undefined where nothing is left of the action
 */
export function standingOf(
  records: readonly ChangeRecord[],
  action: string,
  aspect: Aspect,
): Standing | undefined {
  const latest = new Map(records.flatMap((one) => (one.reverts ? [] : [[one.action, one] as const])))
  let base = ''
  let wishes: readonly Wish[] = []
  for (const record of records) {
    if (record.reverts) {
      wishes = wishes.map((wish) => (wish.action === record.action ? { ...wish, active: false } : wish))
      continue
    }
    const [before, means] = [aspect(record.before), aspect(record.means ?? {})]
    if (before === undefined || means === undefined || latest.get(record.action) !== record) continue
    const undone = wishes.at(-1)
    const expected = [wanted(wishes, base), ...(undone?.active === false ? [undone.means] : [])]
    if (wishes.length === 0 || !expected.includes(before)) {
      base = before
      wishes = []
    }
    wishes = [...wishes, { action: record.action, means, active: true }]
  }
  const at = wishes.findIndex((wish) => wish.action === action)
  if (at < 0) return undefined
  const [earlier, own] = [wishes.slice(0, at), wishes.slice(at)]
  return {
    last: !own.slice(1).some(({ active }) => active),
    ours: own.map(({ means }) => means),
    without: wanted(earlier, base),
  }
}

const wanted = (wishes: readonly Wish[], base: string): string =>
  wishes.findLast(({ active }) => active)?.means ?? base
