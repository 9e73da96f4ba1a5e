import { toSecond } from './calls/order.js'

/** One move of an order by Andon, as it stands in the order's custom value. */
export interface OrderMove {
  /** The action's mark. */
  readonly mark: string
  /** 1 (first) to 9. */
  readonly priority: number
  /** The scheduled start without Andon, and the one that was asked for; UTC, to the second. */
  readonly from: string
  readonly to: string
  readonly reverted: boolean
}

/** `andon:a_1,1,2026-01-10T06:00:00Z,2026-01-01T00:00:00Z;…`; a move that was taken back ends with `,reverted`. */
export function readMoves(value: string): readonly OrderMove[] {
  return value.split(';').flatMap((text) => {
    const [mark = '', priority = '', from = '', to = '', reverted] = text.split(',')
    if (mark === '' || Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(to))) return []
    return [{ mark, priority: Number(priority), from, to, reverted: reverted !== undefined }]
  })
}

const moveText = ({ mark, priority, from, to, reverted }: OrderMove): string =>
  [mark, priority, from, to, ...(reverted ? ['reverted'] : [])].join(',')

/** The latest moves that fit; those that were taken back go first. Undefined when not even the latest fits. */
export function writeMoves(moves: readonly OrderMove[], most: number): string | undefined {
  let kept = moves
  while (kept.map(moveText).join(';').length > most) {
    const latest = kept.at(-1)
    const least = kept.find(({ reverted }) => reverted) ?? kept[0]
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
  const latest = moves.findLast(({ reverted }) => !reverted)
  return latest !== undefined && sameStart(latest.to, start) ? latest : undefined
}
