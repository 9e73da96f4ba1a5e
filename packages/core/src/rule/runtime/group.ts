import type { Life } from './life.js'
import type { Value } from './value.js'
import type { EventSlidingWindow } from './window/event-sliding-window.js'
import type { LiveWindow } from './window/live-window.js'
import type { PanedWindow } from './window/paned-window.js'

export type GroupWindow = LiveWindow | EventSlidingWindow | PanedWindow

/** What is kept for one tenant and one set of GROUP BY values. What every feedback asks for comes first. */
export class Group {
  readonly window: GroupWindow
  /** By the slot of the rule that looks at it; absent while nothing has happened to any. */
  lives: (Life | undefined)[] | undefined = undefined
  /** When it will be looked at next; Infinity when nothing is planned. */
  dueAt = Number.POSITIVE_INFINITY
  /** Every entry that leaves its window may matter to a rule. */
  isWatched = false
  /** When it was last touched, as a number that only grows. */
  touched: number
  /** False once it has been forgotten. */
  isKept = true
  /** When a comparison with NOW() in a condition changes next; Infinity when none does. */
  flipsAt = Number.POSITIVE_INFINITY
  /** By the slot of the rule, as far as asked for: what it finds about the group is known by it. */
  fingerprints: (string | undefined)[] | undefined = undefined
  readonly tenant: string
  readonly values: readonly Value[]

  constructor(tenant: string, values: readonly Value[], window: GroupWindow, touched: number) {
    this.window = window
    this.touched = touched
    this.tenant = tenant
    this.values = values
  }

  /** Equal for no two groups of a window. */
  get key(): string {
    return groupKey(this.tenant, this.values)
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
