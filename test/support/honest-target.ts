import type { JsonObject, Observation, Subject, Target } from '@andon/core/connector'
import { subjectKey } from '@andon/core/connector'

/** A target over a map that says how things stand, and nothing else. */
export interface HonestTarget extends Target {
  /** Subject key → how it stands. */
  readonly floor: Map<string, JsonObject>
  observe(subjects: readonly Subject[]): Promise<readonly Observation[]>
}

/** @param before called with each question before it is answered: may change the floor, or throw */
export function honestTarget(
  before: (subjects: readonly Subject[]) => Promise<void> | void = () => undefined,
): HonestTarget {
  const floor = new Map<string, JsonObject>()
  return {
    contract: 1,
    name: 'mes',
    capabilities: {},
    handles: ['material.hold', 'material.release', 'parameter.adjust', 'schedule.prioritise'],
    floor,
    execute: async ({ id }) => ({ reference: id }),
    async observe(subjects) {
      await before(subjects)
      return subjects.map((subject) => {
        const fields = floor.get(subjectKey(subject))
        return { found: fields !== undefined, fields: fields ?? {} }
      })
    },
    check: async () => ({ ok: true }),
  }
}
