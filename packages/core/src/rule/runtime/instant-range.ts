/** The last instant that a Date can be (ECMA-262), in milliseconds before and after 1970. */
const lastInstant = 8.64e15

/** An instant that there is; PostgreSQL stops where its calendar ends, a rule must go on: unknown. */
export const inRange = (instant: number): number | null => (Math.abs(instant) <= lastInstant ? instant : null)
