import type { Group } from './group.js'
import type { GroupedRunner } from './grouped-runner.js'
import type { RunningPattern } from './running-rule.js'
import type { Timed } from './timer-queue.js'

/** A look at a group of a window that is planned. */
export class GroupDue implements Timed {
  readonly kind = 'group'
  readonly due: number
  readonly order: number
  readonly window: GroupedRunner
  readonly group: Group

  constructor(window: GroupedRunner, group: Group) {
    this.due = group.dueAt
    this.order = window.order
    this.window = window
    this.group = group
  }

  /** Two groups of one window seldom are due at the same instant: it is made when they are. */
  get key(): string {
    return this.group.key
  }
}

/** A look that is planned: at a group of a window, or at the matches of a pattern. */
export type Due = GroupDue | (Timed & { readonly kind: 'pattern'; readonly pattern: RunningPattern })
