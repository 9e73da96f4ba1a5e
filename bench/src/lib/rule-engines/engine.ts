import type { Condition, Facts } from '../rule-condition.ts'

/** A rule engine that has its rules: how many of them one feedback meets. Engines that answer later are waited for. */
export type CountMatches<Event> = (event: Event) => number | Promise<number>

/** One engine of the comparison. */
export interface Engine<Event = unknown> {
  /** Feedback in the form in which the engine takes it; made before the clock starts. */
  event(facts: Facts): Event
  load(conditions: readonly Condition[]): CountMatches<Event>
}
