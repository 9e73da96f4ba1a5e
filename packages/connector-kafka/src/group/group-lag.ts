/** How far a group is behind with one partition. */
export interface GroupLag {
  readonly topic: string
  readonly partition: number
  /** What the group says it is done with: everything before this position. */
  readonly committed: number
  /** The position after the last message. */
  readonly end: number
  /** Messages to come, about: positions may have gaps. */
  readonly lag: number
}
