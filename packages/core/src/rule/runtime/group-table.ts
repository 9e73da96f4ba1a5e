import type { JsonObject } from '../../json.js'
import type { AggregatePlan } from './aggregate/aggregate-plan.js'
import type { Life } from './life.js'
import type { GroupMemory } from './memory/group-memory.js'
import { type Timed, TimerQueue } from './timer-queue.js'
import type { Value } from './value.js'
import type { EntriesSnapshot } from './window/entries.js'
import { EventSlidingWindow } from './window/event-sliding-window.js'
import { LiveWindow } from './window/live-window.js'
import { PanedWindow, type PanesSnapshot } from './window/paned-window.js'
import type { WindowSpec } from './window/window-spec.js'

export type GroupWindow = LiveWindow | EventSlidingWindow | PanedWindow

/** What is kept for one tenant and one set of GROUP BY values. */
export interface Group {
  readonly key: string
  readonly tenant: string
  readonly values: readonly Value[]
  readonly window: GroupWindow
  /** By the slot of the rule that looks at it; absent while nothing has happened to any. */
  lives: (Life | undefined)[] | undefined
  /** By the same slot, as far as they have been asked for: what the rule finds about the group is known by it. */
  fingerprints: (string | undefined)[] | undefined
  /** When it will be looked at next; Infinity when nothing is planned. */
  dueAt: number
  /** When a comparison with NOW() in a condition changes next; Infinity when none does. */
  flipsAt: number
  /** Every entry that leaves its window may matter to a rule. */
  isWatched: boolean
  /** When it was last touched, as a number that only grows. */
  touched: number
  /** False once it has been forgotten. */
  isKept: boolean
}

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

/** A group as it stood when the staleness queue last looked at it. */
interface Seen extends Timed {
  readonly group: Group
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
  /**
   * Every group once, by when it was touched, as far as known: touching a group must cost nothing here. The first
   * whose number is still true is the stalest of all, for the others can only be fresher than they are noted.
   */
  readonly #stale = new TimerQueue<Seen>(({ group }) => group.isKept)

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
    const group: Group = {
      key: groupKey(tenant, values),
      tenant,
      values,
      window: this.#window(from),
      lives: undefined,
      fingerprints: undefined,
      dueAt: Number.POSITIVE_INFINITY,
      flipsAt: Number.POSITIVE_INFINITY,
      isWatched: false,
      touched: this.#memory.nextTouch(),
      isKept: true,
    }
    this.#memory.groups.add(this.#owner, tenant, values, group)
    this.#groups.add(group)
    this.#stale.push({ due: group.touched, order: 0, key: '', group })
    return group
  }

  #forgetStalest(): void {
    for (let seen = this.#stale.pop(); seen !== undefined; seen = this.#stale.pop()) {
      const { group, due } = seen
      if (!group.isKept) continue
      if (group.touched !== due) {
        this.#stale.push({ due: group.touched, order: 0, key: '', group })
        continue
      }
      this.delete(group)
      this.losses.groups++
      return
    }
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

/** One text per group: each value with its type and length, so that no two groups share one. */
export function groupKey(tenant: string, values: readonly Value[]): string {
  let key = `${tenant.length}:${tenant}`
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null
    const text = String(value)
    key += `|${typeof value}:${text.length}:${text}`
  }
  return key
}
