import type { Order } from './line.js'

/** So many settled ones may stand among the open ones, besides as many again. */
const mostSettled = 1024

/**
 * What is not yet settled, in the order in which it was begun, which is that of the deadlines. A list and not a set: a
 * set through which thousands pass grows a new table again and again, each table is found from the one before it, and
 * so all that was in them lives until the next full garbage collection.
 */
export class OpenOrders {
  #orders: Order[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  /** How many stand here, settled ones among them: never many more than twice as many as are open. */
  get held(): number {
    return this.#orders.length
  }

  add(order: Order): void {
    this.#orders.push(order)
    this.#count++
  }

  /** One of them is settled. */
  settled(): void {
    this.#count--
    if (this.#count === 0) this.#orders = []
    else if (this.#orders.length > 2 * this.#count + mostSettled) this.#orders = this.open()
  }

  get oldest(): Order | undefined {
    return this.#orders.find(({ settled }) => !settled)
  }

  /** Those whose time is up. */
  expired(now: number): readonly Order[] {
    const end = this.#orders.findIndex(({ settled, deadline }) => !settled && deadline > now)
    return this.#orders.slice(0, end < 0 ? undefined : end).filter(({ settled }) => !settled)
  }

  open(): Order[] {
    return this.#orders.filter(({ settled }) => !settled)
  }
}
