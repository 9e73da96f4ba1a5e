/** How far Andon may go by itself. */
export const modes = ['shadow', 'advise', 'signed', 'auto'] as const
export type Mode = (typeof modes)[number]

/** Bounds of one parameter, on top of those that the action itself carries: the tighter one counts. */
export interface ParameterLimit {
  /** Absent: of any equipment. */
  readonly equipment?: string
  readonly parameter: string
  /** UCUM; an action in another unit is refused. */
  readonly unit: string
  readonly low: number
  readonly high: number
  /** Largest change at once, in `unit`. */
  readonly maxStep: number
  /** Shortest time between two changes (ms). */
  readonly dwellMs: number
}

/** A time of day in which nothing happens by itself. */
export interface QuietHours {
  /** `HH:MM`, local. `to` before `from`: over midnight. */
  readonly from: string
  readonly to: string
  /** IANA, e.g. `Asia/Shanghai`. */
  readonly zone: string
  /** 1 (Monday) to 7, of the day on which it begins; absent: every day. */
  readonly days?: readonly number[]
}

/** What bounds an action whatever its mode; a signature opens those that say so. */
export interface Limits {
  /** No signature opens these. */
  readonly parameters?: readonly ParameterLimit[]
  /** Actions of the kind that may begin by themselves within any hour, per tenant and product line; more wait for a signature. */
  readonly perHour?: number
  /** How much one action may touch by itself; more waits for a signature. */
  readonly blastRadius?: { readonly units?: number; readonly batches?: number; readonly orders?: number }
  /** Waits for the end of them, unless signed. */
  readonly quietHours?: readonly QuietHours[]
}
