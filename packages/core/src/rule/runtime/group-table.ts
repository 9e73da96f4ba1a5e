import type { AggregateSpec } from './accumulator.js'
import { Group, type GroupSnapshot } from './group.js'
import type { Value } from './value.js'

/** Caps of one rule's state. What goes beyond them is forgotten, stalest first, and counted. */
export interface GroupTableLimits {
  readonly maxGroups: number
  readonly maxEntriesPerGroup: number
}

/** The groups of one rule, in the order in which they were last touched. */
export class GroupTable {
  readonly lost = { entries: 0, groups: 0 }
  readonly #groups = new Map<string, Group>()
  readonly #specs: readonly AggregateSpec[]
  readonly #limits: GroupTableLimits

  constructor(specs: readonly AggregateSpec[], limits: GroupTableLimits) {
    this.#specs = specs
    this.#limits = limits
  }

  get(key: string): Group | undefined {
    return this.#groups.get(key)
  }

  /** The group of that key, made when missing, and now the freshest. */
  touch(key: string, tenant: string, values: readonly Value[]): Group {
    const found = this.#groups.get(key)
    if (found !== undefined) {
      this.#groups.delete(key)
      this.#groups.set(key, found)
      return found
    }
    if (this.#groups.size >= this.#limits.maxGroups) this.#forgetStalest()
    return this.restore({
      key,
      tenant,
      values,
      times: [],
      inputs: [],
      evidence: [],
      windowStart: 0,
      firing: false,
      lastFired: null,
      firings: 0,
    })
  }

  add(group: Group, at: number, offset: number, inputs: readonly Value[]): void {
    if (group.size >= this.#limits.maxEntriesPerGroup) {
      group.dropOldest()
      this.lost.entries++
    }
    group.add(at, offset, inputs)
  }

  delete(key: string): void {
    this.#groups.delete(key)
  }

  restore(snapshot: GroupSnapshot): Group {
    const group = new Group(this.#specs, snapshot)
    this.#groups.set(snapshot.key, group)
    return group
  }

  snapshot(): readonly GroupSnapshot[] {
    return [...this.#groups.values()].map((group) => group.snapshot())
  }

  #forgetStalest(): void {
    for (const key of this.#groups.keys()) {
      this.#groups.delete(key)
      this.lost.groups++
      return
    }
  }
}
