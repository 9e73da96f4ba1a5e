/** An estimate and the two-sided interval around it. */
export interface Interval {
  readonly estimate: number
  readonly lower: number
  readonly upper: number
}
