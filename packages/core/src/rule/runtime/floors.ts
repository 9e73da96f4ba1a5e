import { type AggregatePlan, readOne } from './aggregate/aggregate-plan.js'
import type { Group } from './group.js'
import type { BoundProgram } from './program.js'
import type { LiveWindow } from './window/live-window.js'

/** Numbers of one slot: which aggregate of the plan, and what it must reach. */
const width = 2
const noFloor = -1

/**
 * What a window must have come to before any of its rules can be true: `COUNT(*) >= 30` stands here as two numbers,
 * slot by slot. Most groups are far below, and it takes one comparison to know instead of a visit to the rule.
 */
export class Floors {
  readonly #lines: number[] = []

  /** Says who stands in a slot; nobody is never reached. */
  set(slot: number, program: BoundProgram | undefined): void {
    const floor = program === undefined ? { aggregate: 0, least: Number.POSITIVE_INFINITY } : program.floor
    while (this.#lines.length < slot * width) this.#lines.push(0, Number.POSITIVE_INFINITY)
    this.#lines[slot * width] = floor?.aggregate ?? noFloor
    this.#lines[slot * width + 1] = floor?.least ?? 0
  }

  /** True when no rule's HAVING is true of a group and none has been of late; false says nothing. */
  areAbove({ lives }: Group, window: LiveWindow, plan: AggregatePlan): boolean {
    const lines = this.#lines
    for (let slot = 0, at = 0; at < lines.length; slot++, at += width) {
      const aggregate = lines[at] ?? noFloor
      if (aggregate === noFloor) return false
      if (lives !== undefined && (lives[slot]?.phase ?? 'inactive') !== 'inactive') return false
      const value = readOne(plan, aggregate, window)
      if (typeof value === 'number' && !(value < (lines[at + 1] ?? 0))) return false
    }
    return true
  }
}
