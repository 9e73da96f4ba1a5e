import type { Action } from '../../action/action.js'
import type { CloudEvent } from '../../connector/cloud-event.js'
import type { Claim } from '../../connector/shared-store.js'
import type { Store, StoreTransaction } from '../../connector/store.js'
import { actionIn, eventOf } from './event-of.js'

const pageSize = 500
/** Questions to the store at once: a store behind a network answers them side by side. */
const askedTogether = 16

/** What one sink has not had yet: the lines of every tenant's audit log, each in its order. */
export class SinkFeed {
  readonly #store: Store
  readonly #sink: string
  /** How far the sink is, by tenant. */
  readonly #delivered = new Map<string, number>()

  constructor(store: Store, sink: string) {
    this.#store = store
    this.#sink = sink
  }

  /** Another process may have delivered meanwhile: what is remembered is read anew. */
  forget(): void {
    this.#delivered.clear()
  }

  /** How many lines it has not had. */
  async behind(): Promise<number> {
    let behind = 0
    for (const { tenant, sequence } of await this.#store.audit.heads()) {
      behind += Math.max(0, sequence - (await this.#position(tenant)))
    }
    return behind
  }

  /** One page of each tenant that has something new. */
  async *pages(): AsyncGenerator<{
    readonly tenant: string
    readonly events: readonly CloudEvent[]
    readonly upTo: number
  }> {
    for (const { tenant, sequence } of await this.#store.audit.heads()) {
      const from = (await this.#position(tenant)) + 1
      if (sequence < from) continue
      const lines = await this.#store.audit.read(tenant, from, pageSize)
      const last = lines.at(-1)
      if (last === undefined) continue
      const actions = await this.#actions(lines.flatMap((line) => actionIn(line) ?? []))
      const events = lines.map((line) => eventOf(line, actions.get(actionIn(line) ?? '')))
      yield { tenant, events, upTo: last.sequence }
    }
  }

  /** Everything up to that line has arrived. With a claim: only while nobody else has taken it. */
  async keep(tenant: string, sequence: number, claim: Claim | undefined): Promise<void> {
    const work = (transaction: StoreTransaction): Promise<void> =>
      transaction.keep(this.#name(tenant), { sequence })
    const { shared } = this.#store
    if (shared !== undefined && claim !== undefined) await shared.claimed(claim, work)
    else await this.#store.transaction(work)
    this.#delivered.set(tenant, sequence)
  }

  async #position(tenant: string): Promise<number> {
    const known = this.#delivered.get(tenant)
    if (known !== undefined) return known
    const kept = await this.#store.kept(this.#name(tenant))
    const sequence = typeof kept?.sequence === 'number' ? kept.sequence : 0
    this.#delivered.set(tenant, sequence)
    return sequence
  }

  async #actions(ids: readonly string[]): Promise<ReadonlyMap<string, Action>> {
    const wanted = [...new Set(ids)]
    const found = new Map<string, Action>()
    for (let first = 0; first < wanted.length; first += askedTogether) {
      const some = wanted.slice(first, first + askedTogether)
      for (const action of await Promise.all(some.map((id) => this.#store.actions.get(id)))) {
        if (action !== undefined) found.set(action.id, action)
      }
    }
    return found
  }

  #name(tenant: string): string {
    return `sink/${this.#sink}/${tenant}`
  }
}
