import type { Action } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { refused } from '../http/failures.js'
import type { SapContext } from '../http/sap-http.js'
import { piecesOf } from '../words.js'
import type { Dm } from './calls/dm.js'
import {
  closeNonconformance,
  logNonconformance,
  type Nonconformance,
  nonconformancesOf,
} from './calls/nonconformance.js'
import { refusedMarkOf } from './deed.js'
import type { CheckedDmOptions } from './options.js'
import { saidIn } from './shortened.js'

/** The length of a data field of a nonconformance. */
const fieldLength = 1_024

const recordSchema = z.object({ action: z.string(), kind: z.string(), before: z.string() })

/** What a nonconformance says of the action that logged it. */
export interface ActionRecord extends z.infer<typeof recordSchema> {
  /** Of the nonconformance. */
  readonly id: string
  readonly sfc: string
  readonly open: boolean
  /** What was said when it was closed. SAP does not write where that is kept: taken from `comments`. */
  readonly comments: string
  readonly createdAt: string
  /** Open ones that say the same: a request that came through long after nobody waited for it. */
  readonly again: readonly string[]
}

type Options = CheckedDmOptions['nonconformance']

/** The records of a unit, oldest first; nonconformances that others logged are none. */
export async function recordsOf(
  dm: Dm,
  { recordField }: Options,
  sfc: string,
  context: SapContext,
): Promise<readonly ActionRecord[]> {
  const records = (await nonconformancesOf(dm, sfc, context)).flatMap((one) => recordIn(one, recordField))
  return eachOnce(
    [...records].sort((one, other) =>
      one.createdAt === other.createdAt
        ? one.id.localeCompare(other.id)
        : one.createdAt.localeCompare(other.createdAt),
    ),
  )
}

function eachOnce(records: readonly ActionRecord[]): readonly ActionRecord[] {
  const keyOf = ({ action, kind }: ActionRecord): string => JSON.stringify([action, kind])
  const first = new Map<string, ActionRecord>()
  for (const one of records) if (!first.has(keyOf(one)) && !isRefused(one)) first.set(keyOf(one), one)
  return records.flatMap((record) => {
    if (isRefused(record)) return [record]
    if (first.get(keyOf(record)) !== record) return []
    const again = records.filter((one) => one !== record && one.open && keyOf(one) === keyOf(record))
    return [{ ...record, again: again.map(({ id }) => id) }]
  })
}

function recordIn(one: Nonconformance, field: string): readonly ActionRecord[] {
  const value = one.dataFields?.find(({ key }) => key === field)?.value
  if (typeof value !== 'string') return []
  const parsed = recordSchema.safeParse(jsonOrNothing(value))
  if (!parsed.success) return []
  const { id, sfc, state, comments, createdDateTime } = one
  const open = state === 'OPEN' || state === 'CLOSE_PENDING'
  return [
    { ...parsed.data, id, sfc, open, comments: comments ?? '', createdAt: createdDateTime ?? '', again: [] },
  ]
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isRefused = ({ action, comments }: Pick<ActionRecord, 'action' | 'comments'>): boolean =>
  comments.includes(refusedMarkOf({ id: action }))

/** The record of this action among those of a unit; one whose change was refused counts as none. */
export const recordOf = <Of extends Pick<ActionRecord, 'action' | 'kind' | 'comments'>>(
  records: readonly Of[],
  { id, kind }: Action,
): Of | undefined =>
  records.find((record) => record.action === id && record.kind === kind && !isRefused(record))

/** Closes what is open of the records of an action; says which. */
export async function closeRecords(
  dm: Dm,
  records: readonly (Pick<ActionRecord, 'id' | 'open' | 'again'> | undefined)[],
  comments: string,
  context: SapContext,
): Promise<readonly string[]> {
  const ids = records.flatMap((one) =>
    one === undefined ? [] : [...(one.open ? [one.id] : []), ...one.again],
  )
  for (const id of ids) await closeNonconformance(dm, id, comments, context)
  return ids
}

/** Closes the records of a change that DM has refused for good: nothing of it stands. */
export async function closeRefused(
  dm: Dm,
  action: Action,
  ids: readonly string[],
  error: AndonError,
  context: SapContext,
): Promise<void> {
  const comments = `${refusedMarkOf(action)} ${error.details.sapText ?? ''}`.trim()
  for (const id of ids) await closeNonconformance(dm, id, comments, context)
}

/**
 * Logs the record of an action for units that stood alike, with the customers' words: in the data fields for them as
 * far as they reach, and where they do not, all of it as a text file.
 *
 * @param more goes before the customers' words
 * @returns unit → nonconformance
 */
export async function logRecord(
  dm: Dm,
  options: Options,
  given: { action: Action; sfcs: readonly string[]; before: string; more?: readonly string[] },
  context: SapContext,
): Promise<ReadonlyMap<string, string>> {
  const { action, sfcs, before, more = [] } = given
  const record = JSON.stringify({ action: action.id, kind: action.kind, before })
  if (record.length > fieldLength) {
    throw refused(
      dm.name,
      {
        en: `the record of the action has ${record.length} characters; the data field takes ${fieldLength}`,
        zh: `动作记录有 ${record.length} 个字符，而数据字段最多 ${fieldLength} 个`,
      },
      new RangeError('the record is too long'),
    )
  }
  const words = saidIn(action, more)
  const pieces = piecesOf(words, fieldLength)
  const fits = pieces.length <= options.wordsFields.length
  // Where they do not fit the fields say how they begin, and the file all.
  const wordsFields = options.wordsFields.flatMap((key, index) => {
    const value = pieces[index]
    return value === undefined ? [] : [{ key, value }]
  })
  return logNonconformance(
    dm,
    {
      ...{ code: options.code, sfcs },
      dataFields: [{ key: options.recordField, value: record }, ...wordsFields],
      attachment: fits ? undefined : words,
    },
    context,
  )
}
