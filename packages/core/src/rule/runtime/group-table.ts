import type { JsonObject } from '../../json.js'
import type { AggregatePlan } from './aggregate/aggregate-plan.js'
import { Group, type GroupWindow } from './group.js'
import type { Life } from './life.js'
import type { GroupMemory } from './memory/group-memory.js'
import { Stalest } from './stalest.js'
import type { Value } from './value.js'
import type { EntriesSnapshot } from './window/entries.js'
import { EventSlidingWindow } from './window/event-sliding-window.js'
import { LiveWindow } from './window/live-window.js'
import { PanedWindow, type PanesSnapshot } from './window/paned-window.js'
import type { WindowSpec } from './window/window-spec.js'

export interface GroupSnapshot extends JsonObject {
  readonly tenant: string
  readonly values: readonly Value[]
  readonly window: EntriesSnapshot | PanesSnapshot
  /** When it will be looked at next; null when nothing is planned. */
  readonly dueAt: number | null
  /** By rule. */
  readonly lives: { readonly [rule: string]: Life }
}

/** Caps of one table. What goes beyond them is forgotten, stalest first, and counted. */
export interface GroupLimits {
  readonly maxGroups: number
  readonly maxEntriesPerGroup: number
}

/** What the caps and the watermark cost. */
export interface Losses {
  /** Entries beyond `maxEntriesPerGroup`. */
  entries: number
  /** Groups beyond `maxGroups`. */
  groups: number
  /** Entries behind the watermark. */
  late: number
}

/** Groups that some rules share. */
export abstract class GroupTable {
  // What every feedback asks for comes first.
  readonly #memory: GroupMemory
  /** Whose groups these are in the shared directory. */
  readonly #owner: number
  readonly #limits: GroupLimits
  protected readonly spec: WindowSpec
  #plan: AggregatePlan
  readonly losses: Losses = { entries: 0, groups: 0, late: 0 }
  readonly #groups = new Set<Group>()
  readonly #stalest = new Stalest()

  constructor(spec: WindowSpec, plan: AggregatePlan, memory: GroupMemory, limits: GroupLimits) {
    this.#memory = memory
    this.#owner = memory.nextOwner()
    this.#limits = limits
    this.spec = spec
    this.#plan = plan
  }

  /** The rule that looks at the groups from a slot. */
  protected abstract nameOf(slot: number): string | undefined

  /** A group is about to go. */
  protected abstract forgetting(group: Group): void

  get plan(): AggregatePlan {
    return this.#plan
  }

  /** Keeps more of each entry from now on; only while there are none. */
  keep(plan: AggregatePlan): void {
    this.#plan = plan
  }

  get size(): number {
    return this.#groups.size
  }

  all(): IterableIterator<Group> {
    return this.#groups.values()
  }

  /** The group of those values, made when missing, and now the freshest. */
  protected touch(tenant: string, values: readonly Value[]): Group {
    const found = this.#memory.groups.get(this.#owner, tenant, values)
    if (found !== undefined) {
      found.touched = this.#memory.nextTouch()
      return found
    }
    if (this.#groups.size >= this.#limits.maxGroups) this.#forgetStalest()
    return this.#add(tenant, values, undefined)
  }

  /** Makes room for one more entry. */
  protected makeRoom({ window }: Group): void {
    if (window.size < this.#limits.maxEntriesPerGroup) return
    window.dropOldest()
    this.losses.entries++
  }

  protected delete(group: Group): void {
    if (!this.#groups.delete(group)) return
    group.isKept = false
    this.#memory.groups.delete(this.#owner, group.tenant, group.values)
    this.forgetting(group)
    group.window.clear()
  }

  /** Forgets everything: nobody looks at it any more. */
  clear(): void {
    for (const group of this.#groups) this.delete(group)
  }

  /** Stalest first, so that restoring them in this order keeps it. */
  snapshot(): readonly GroupSnapshot[] {
    const groups = [...this.#groups].sort((a, b) => a.touched - b.touched)
    return groups.map((group) => {
      const lives: [string, Life][] = []
      for (const [slot, life] of (group.lives ?? []).entries()) {
        const name = this.nameOf(slot)
        if (life !== undefined && name !== undefined) lives.push([name, life])
      }
      const { tenant, values, window, dueAt } = group
      return {
        tenant,
        values,
        window: window.snapshot(),
        dueAt: Number.isFinite(dueAt) ? dueAt : null,
        lives: Object.fromEntries(lives),
      }
    })
  }

  protected restoreGroup({ tenant, values, window, dueAt }: GroupSnapshot): Group {
    const group = this.#add(tenant, values, window)
    group.dueAt = dueAt ?? Number.POSITIVE_INFINITY
    return group
  }

  #add(tenant: string, values: readonly Value[], from: GroupSnapshot['window'] | undefined): Group {
    const group = new Group(tenant, values, this.#window(from), this.#memory.nextTouch())
    this.#memory.groups.add(this.#owner, tenant, values, group)
    this.#groups.add(group)
    return group
  }

  #forgetStalest(): void {
    const group = this.#stalest.of(this.#groups)
    if (group === undefined) return
    this.delete(group)
    this.losses.groups++
  }

  #window(from: GroupSnapshot['window'] | undefined): GroupWindow {
    const spec = this.spec
    const plan = this.#plan
    const entries = from?.kind === 'entries' ? from : undefined
    switch (spec.mode) {
      case 'live':
        return new LiveWindow(spec, plan, this.#memory.arena, entries)
      case 'event-sliding':
        return new EventSlidingWindow(spec, plan, this.#memory.arena, entries)
      case 'paned': {
        const panes = from?.kind === 'panes' ? from : undefined
        return new PanedWindow(spec, plan, this.#memory.arena, panes)
      }
    }
  }
}
