import type { JsonObject } from '../../json.js'
import type { AggregatePlan } from './aggregate/aggregate-plan.js'
import type { Life } from './life.js'
import type { Value } from './value.js'
import type { EntriesSnapshot } from './window/entries.js'
import { EventSlidingWindow } from './window/event-sliding-window.js'
import { LiveWindow } from './window/live-window.js'
import { PanedWindow, type PanesSnapshot } from './window/paned-window.js'
import type { WindowSpec } from './window/window-spec.js'

/** A window that knows in which mode it is judged. */
export type GroupWindow =
  | { readonly mode: 'live'; readonly of: LiveWindow }
  | { readonly mode: 'event-sliding'; readonly of: EventSlidingWindow }
  | { readonly mode: 'paned'; readonly of: PanedWindow }

/** What is kept for one tenant and one set of GROUP BY values. */
export interface Group {
  readonly key: string
  readonly tenant: string
  readonly values: readonly Value[]
  readonly window: GroupWindow
  /** By the slot of the rule that looks at it; absent while nothing has happened to it. */
  readonly lives: (Life | undefined)[]
  /** When it will be looked at next; Infinity when nothing is planned. */
  dueAt: number
  /** When a comparison with NOW() in a condition changes next; Infinity when none does. */
  flipsAt: number
  newer: Group | undefined
  older: Group | undefined
}

export interface GroupSnapshot extends JsonObject {
  readonly key: string
  readonly tenant: string
  readonly values: readonly Value[]
  readonly window: EntriesSnapshot | PanesSnapshot
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

/** Groups that some rules share, in the order in which they were last touched. */
export class GroupTable {
  readonly losses: Losses = { entries: 0, groups: 0, late: 0 }
  readonly #groups = new Map<string, Group>()
  readonly #spec: WindowSpec
  readonly #plan: AggregatePlan
  readonly #limits: GroupLimits
  readonly #forgotten: (group: Group) => void
  #newest: Group | undefined
  #oldest: Group | undefined

  /** @param forgotten is told of every group that goes */
  constructor(spec: WindowSpec, plan: AggregatePlan, limits: GroupLimits, forgotten: (group: Group) => void) {
    this.#spec = spec
    this.#plan = plan
    this.#limits = limits
    this.#forgotten = forgotten
  }

  get size(): number {
    return this.#groups.size
  }

  all(): IterableIterator<Group> {
    return this.#groups.values()
  }

  get(key: string): Group | undefined {
    return this.#groups.get(key)
  }

  /** The group of that key, made when missing, and now the freshest. */
  touch(key: string, tenant: string, values: readonly Value[]): Group {
    const found = this.#groups.get(key)
    if (found !== undefined) {
      if (found !== this.#newest) {
        this.#unlink(found)
        this.#link(found)
      }
      return found
    }
    if (this.#groups.size >= this.#limits.maxGroups && this.#oldest !== undefined) {
      this.delete(this.#oldest)
      this.losses.groups++
    }
    return this.#add(key, tenant, values, undefined)
  }

  /** Makes room for one more entry. */
  makeRoom({ window }: Group): void {
    if (window.of.size < this.#limits.maxEntriesPerGroup) return
    window.of.dropOldest()
    this.losses.entries++
  }

  delete(group: Group): void {
    if (!this.#groups.delete(group.key)) return
    this.#unlink(group)
    this.#forgotten(group)
  }

  /** Stalest first, so that restoring them in this order keeps it. */
  snapshot(nameOf: (slot: number) => string | undefined): readonly GroupSnapshot[] {
    const snapshots: GroupSnapshot[] = []
    for (let group = this.#oldest; group !== undefined; group = group.newer) {
      const { key, tenant, values, window } = group
      const lives: Record<string, Life> = {}
      for (const [slot, life] of group.lives.entries()) {
        const name = nameOf(slot)
        if (life !== undefined && name !== undefined) lives[name] = life
      }
      snapshots.push({ key, tenant, values, window: window.of.snapshot(), lives })
    }
    return snapshots
  }

  restore({ key, tenant, values, window }: GroupSnapshot): Group {
    return this.#add(key, tenant, values, window)
  }

  #add(
    key: string,
    tenant: string,
    values: readonly Value[],
    from: GroupSnapshot['window'] | undefined,
  ): Group {
    const group: Group = {
      key,
      tenant,
      values,
      window: this.#window(from),
      lives: [],
      dueAt: Number.POSITIVE_INFINITY,
      flipsAt: Number.POSITIVE_INFINITY,
      newer: undefined,
      older: undefined,
    }
    this.#groups.set(key, group)
    this.#link(group)
    return group
  }

  #window(from: GroupSnapshot['window'] | undefined): GroupWindow {
    const spec = this.#spec
    const plan = this.#plan
    const entries = from?.kind === 'entries' ? from : undefined
    switch (spec.mode) {
      case 'live':
        return { mode: 'live', of: new LiveWindow(spec, plan, entries) }
      case 'event-sliding':
        return { mode: 'event-sliding', of: new EventSlidingWindow(spec, plan, entries) }
      case 'paned': {
        const panes = from?.kind === 'panes' ? from : undefined
        return { mode: 'paned', of: new PanedWindow(spec, plan, panes) }
      }
    }
  }

  #link(group: Group): void {
    group.older = this.#newest
    group.newer = undefined
    if (this.#newest !== undefined) this.#newest.newer = group
    this.#newest = group
    this.#oldest ??= group
  }

  #unlink(group: Group): void {
    if (group.older === undefined) this.#oldest = group.newer
    else group.older.newer = group.newer
    if (group.newer === undefined) this.#newest = group.older
    else group.newer.older = group.older
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
