import { toSecond } from './calls/order.js'
import { chainOf, type Meaning } from './standing.js'

/** One move of an order by Andon, as it stands in the order's custom value; its states are scheduled starts. */
export interface OrderMove extends Meaning<string> {
  /** The action's mark. */
  readonly mark: string
  /** 1 (first) to 9. */
  readonly priority: number
}

/**
 * `andon:a_1,1,2026-01-10T06:00:00Z,2026-01-01T00:00:00Z;…`: mark, priority, start before and after, UTC to the second;
 * `,anew` and `,reverted` at the end where they are so.
 */
export function readMoves(value: string): readonly OrderMove[] {
  return value.split(';').flatMap((text) => {
    const [mark = '', priority = '', before = '', means = '', ...flags] = text.split(',')
    if (mark === '' || Number.isNaN(Date.parse(before)) || Number.isNaN(Date.parse(means))) return []
    const [anew, active] = [flags.includes('anew'), !flags.includes('reverted')]
    return [{ mark, priority: Number(priority), before, means, anew, active }]
  })
}

const moveText = ({ mark, priority, before, means, anew, active }: OrderMove): string =>
  [mark, priority, before, means, ...(anew ? ['anew'] : []), ...(active ? [] : ['reverted'])].join(',')

/** The latest moves that fit; those that were taken back go first. Undefined when not even the latest fits. */
export function writeMoves(moves: readonly OrderMove[], most: number): string | undefined {
  let kept = moves
  while (kept.map(moveText).join(';').length > most) {
    const latest = kept.at(-1)
    const least = kept.find((move) => !move.active && move !== latest) ?? kept[0]
    if (least === undefined || least === latest) return undefined
    kept = kept.filter((move) => move !== least)
  }
  return kept.map(moveText).join(';')
}

/** The same minute is the same start: schedules need not keep seconds. */
export const sameStart = (one: string, other: string): boolean =>
  Math.abs(Date.parse(one) - Date.parse(other)) < 60_000

export const startText = (date: Date): string => toSecond(date)

/** The move that the order stands by now: the latest that was not taken back, when nobody has moved the order since. */
export function standingMove(moves: readonly OrderMove[], start: string): OrderMove | undefined {
  const latest = chainOf(moves).findLast(({ active }) => active)
  return latest !== undefined && sameStart(latest.means, start) ? latest : undefined
}
