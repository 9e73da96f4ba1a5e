import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Row } from './compile.js'
import type { FiringLog } from './firing-log.js'
import type { Group } from './group.js'
import type { Inhibitions } from './inhibitions.js'
import { isActive, type Life, mayFire, noLife, type Step, step } from './life.js'
import type { BoundProgram } from './program.js'
import type { Value } from './value.js'
import type { Position, Sight } from './window/window-spec.js'

/** When a group is looked at, and because of what. */
export interface Glance {
  readonly at: number
  /** An entry came; else time alone is the reason. */
  readonly entered: boolean
  /** The feedback that came. */
  readonly trigger: FeedbackRecord | undefined
  readonly severity: number
}

export const lifeOf = (group: Group, slot: number): Life => group.lives?.[slot] ?? noLife

/** Judges groups for one rule and tells what it finds. */
export class GroupJudge {
  readonly #log: FiringLog
  readonly #inhibitions: Inhibitions

  constructor(log: FiringLog, inhibitions: Inhibitions) {
    this.#log = log
    this.#inhibitions = inhibitions
  }

  /** The window as it stands now. Without HAVING there is no edge to wait for: every entry fires. */
  live(program: BoundProgram, group: Group, slot: number, sight: Sight, row: Row, glance: Glance): void {
    const life = lifeOf(group, slot)
    const { having, resolveWhen, terms } = program
    if (having === undefined) {
      this.#once(program, group, slot, !sight.isEmpty && glance.entered, sight, glance)
      return
    }
    const holds = !sight.isEmpty && having(row) === true
    if (!holds && life.phase === 'inactive') return
    const resolves = sight.isEmpty || resolveWhen === undefined || resolveWhen(row) === true
    const inhibited = this.#isInhibited(program, group, glance)
    this.#take(
      step(life, { at: glance.at, holds, resolves, inhibited }, terms),
      program,
      group,
      slot,
      sight,
      glance,
    )
  }

  /** A newcomer among the positions of a window in event time: it fires where it makes the difference. */
  positions(
    program: BoundProgram,
    group: Group,
    slot: number,
    positions: readonly Position[],
    glance: Glance,
  ): void {
    const { having, terms } = program
    const holds = (values: readonly Value[]): boolean =>
      having === undefined || having(rowOf(group, values, glance)) === true
    const found = positions.find(({ after }) => holds(after))
    if (found === undefined) return
    // Without HAVING every entry fires, and with ONCE PER it is not the change that counts, but that it is so.
    const rises =
      having === undefined ||
      terms.oncePer !== undefined ||
      !positions.some(({ before }) => before.some(holds))
    const sight: Sight = {
      isEmpty: false,
      values: found.after,
      evidence: () => found.evidence(),
      times: () => found.times(),
    }
    this.#once(program, group, slot, rises, sight, glance)
  }

  /** A window that closes, judged for the first and only time. */
  closed(program: BoundProgram, group: Group, slot: number, sight: Sight, glance: Glance): void {
    const { having } = program
    const holds = having === undefined || having(rowOf(group, sight.values, glance)) === true
    this.#once(program, group, slot, holds, sight, glance)
  }

  /** Feedback that belongs to a problem that is known already. */
  count({ rule }: BoundProgram, group: Group, slot: number, { at, severity }: Glance): void {
    if (lifeOf(group, slot).firings > 0) this.#log.count(fingerprintOf(rule.name, group, slot), at, severity)
  }

  setLife(program: BoundProgram, group: Group, slot: number, life: Life | undefined): void {
    const was = isActive(lifeOf(group, slot))
    group.lives ??= []
    group.lives[slot] = life
    // Another rule may take the slot.
    if (life === undefined && group.fingerprints !== undefined) group.fingerprints[slot] = undefined
    const is = life !== undefined && isActive(life)
    if (was !== is) this.#inhibitions.changed(program.rule.name, group, is)
  }

  /** Tells the inhibitions, which know nothing yet, where a rule stands with a group. */
  tell({ rule }: BoundProgram, group: Group, slot: number): void {
    const life = lifeOf(group, slot)
    if (isActive(life)) this.#inhibitions.changed(rule.name, group, true)
    if (life.owed) this.#inhibitions.owes(rule.name)
  }

  /** Judges what has no duration. */
  #once(
    program: BoundProgram,
    group: Group,
    slot: number,
    holds: boolean,
    sight: Sight,
    glance: Glance,
  ): void {
    const life = lifeOf(group, slot)
    const { at } = glance
    if (!holds || !mayFire(life, program.terms.oncePer, at) || this.#isInhibited(program, group, glance))
      return
    const fired = { ...life, lastFired: at, firings: life.firings + 1 }
    this.#take({ life: fired, fires: true }, program, group, slot, sight, glance)
  }

  #take(
    { life, fires }: Step,
    program: BoundProgram,
    group: Group,
    slot: number,
    sight: Sight,
    glance: Glance,
  ): void {
    if (life !== group.lives?.[slot]) this.setLife(program, group, slot, life)
    if (!fires) return
    const { at, trigger, severity } = glance
    const fingerprint = fingerprintOf(program.rule.name, group, slot)
    if (life.firings === 1) for (const time of sight.times()) this.#log.count(fingerprint, time, severity)
    this.#log.fire(program, {
      tenant: group.tenant,
      fingerprint,
      occasion: String(at),
      row: rowOf(group, sight.values, glance),
      evidence: sight.evidence(),
      trigger,
    })
  }

  #isInhibited({ rule }: BoundProgram, group: Group, { trigger, at }: Glance): boolean {
    return (
      rule.inhibitedBy !== undefined &&
      this.#inhibitions.silences(rule.name, group.tenant, group.values, trigger, at)
    )
  }
}

/** What the conditions of a rule see of a group. */
export function rowOf(group: Group, aggregates: readonly Value[], { at, trigger }: Glance): Row {
  return { feedback: trigger, now: at, group: group.values, aggregates }
}

/** The same text object every time: it is looked up for every feedback of a problem that is known. */
function fingerprintOf(rule: string, group: Group, slot: number): string {
  const known = group.fingerprints?.[slot]
  if (known !== undefined) return known
  const fingerprint = JSON.stringify([group.tenant, rule, ...group.values])
  group.fingerprints ??= []
  group.fingerprints[slot] = fingerprint
  return fingerprint
}
