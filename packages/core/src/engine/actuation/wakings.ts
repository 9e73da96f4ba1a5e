import type { Action } from '../../action/action.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { openStatuses } from '../../action/life.js'
import type { Clock } from '../../connector/clock.js'
import type { Store, StoreTransaction } from '../../connector/store.js'
import { type ReversalCause, takingBack } from './reversal.js'
import { auditOf, gaveUp, type Step, takeSteps } from './step.js'

export interface WakingsOptions {
  readonly store: Store
  readonly clock: Clock
  readonly kinds: ReadonlyMap<string, ActionKind>
  /** Their open actions may be due now. */
  readonly wake: (targets: Iterable<string>) => void
  readonly changed: (action: Action) => void
  readonly failed: (error: unknown) => void
}

const isOpen: ReadonlySet<string> = new Set(openStatuses)
const longestTimer = 3_600_000
const page = 256
const retryMs = 1000

/** What time alone does: graces and retries that end, deadlines that pass, effects that expire. One timer for all. */
export class Wakings {
  readonly #options: WakingsOptions
  #next = Number.POSITIVE_INFINITY
  #cancel: (() => void) | undefined
  #running: Promise<void> = Promise.resolve()
  #stopped = true

  constructor(options: WakingsOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    this.#stopped = false
    await this.#look()
  }

  /** Takes note of an action that has changed. */
  note({ status, dueAt, wakeAt }: Action): void {
    const now = this.#options.clock.now()
    if (wakeAt !== undefined) this.#arm(wakeAt)
    if (isOpen.has(status) && dueAt > now) this.#arm(dueAt)
  }

  /** Whoever has leased it may be gone: then it is anybody's when the lease is over. */
  leased({ status, lease }: Action): void {
    if (lease !== undefined && isOpen.has(status)) this.#arm(lease.until + 1)
  }

  /** Others may have changed actions, and may be gone: looks at what is due, and when there is more. */
  look(): Promise<void> {
    const looked = this.#running.then(async () => {
      if (!this.#stopped) await this.#look()
    })
    this.#running = looked.catch(() => undefined)
    return looked
  }

  async settle(): Promise<void> {
    await this.#running
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  #arm(at: number, soonest = 1): void {
    if (this.#stopped || at >= this.#next) return
    const { clock, failed } = this.#options
    this.#cancel?.()
    this.#next = at
    const wait = Math.min(longestTimer, Math.max(soonest, at - clock.now()))
    this.#cancel = clock.setTimer(wait, () => {
      this.#next = Number.POSITIVE_INFINITY
      this.look().catch((error: unknown) => {
        failed(error)
        this.#arm(clock.now() + retryMs, retryMs)
      })
    })
  }

  async #look(): Promise<void> {
    const { store, clock, wake, changed } = this.#options
    const now = clock.now()
    for (;;) {
      const due = await store.actions.due(now, page)
      if (due.length === 0) break
      const steps = await store.transaction((transaction) => this.#wakeUp(transaction, due, now))
      for (const { action } of steps) changed(action)
      wake(new Set(steps.map(({ action }) => action.target)))
    }
    wake(Object.keys(await store.actions.open()))
    const next = await store.actions.nextDue(now)
    if (next !== undefined) this.#arm(next)
  }

  async #wakeUp(
    transaction: StoreTransaction,
    due: readonly Action[],
    now: number,
  ): Promise<readonly Step[]> {
    const steps: Step[] = []
    for (const { id } of due) {
      // What was read may have moved on meanwhile.
      const action = await transaction.getAction(id)
      if (action?.wakeAt !== undefined && action.wakeAt <= now) steps.push(this.#woken(action, now))
    }
    await takeSteps(transaction, steps)
    return steps
  }

  #woken(action: Action, now: number): Step {
    const { deadlineAt = Number.POSITIVE_INFINITY } = action
    if (action.status === 'succeeded') {
      return takingBack(action, this.#options.kinds.get(action.kind), itsTimeIsOver, now)
    }
    if (action.status === 'approved' && deadlineAt <= now) {
      const text = { en: 'Its deadline passed before it could begin.', zh: '未能在期限前开始执行。' }
      return gaveUp(action, text, now)
    }
    const { wakeAt: _, ...rest } = action
    return { action: { ...rest, updatedAt: now }, audit: auditOf(action, 'action.woken', now, {}) }
  }
}

const itsTimeIsOver: ReversalCause = {
  cause: 'expiry',
  reason: 'expired',
  text: { en: 'Its time is over.', zh: '有效期已到。' },
  asked: 'action.expired',
}
