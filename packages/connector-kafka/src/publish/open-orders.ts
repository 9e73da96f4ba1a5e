import type { Order } from './line.js'

/** Settled ones that may stand before the first open one. */
const mostBefore = 1024

/**
 * What is not yet settled, in the order in which it was begun, which is that of the deadlines. A list and not a set: a
 * set through which thousands pass grows a new table again and again, each table is found from the one before it, and
 * so all that was in them lives until the next full garbage collection.
 */
export class OpenOrders {
  #orders: Order[] = []
  #first = 0
  #count = 0

  get count(): number {
    return this.#count
  }

  add(order: Order): void {
    this.#orders.push(order)
    this.#count++
  }

  /** One of them is settled. */
  settled(): void {
    this.#count--
    if (this.#count === 0) {
      this.#orders = []
      this.#first = 0
    }
  }

  get oldest(): Order | undefined {
    while (this.#orders[this.#first]?.settled === true) this.#first++
    if (this.#first > mostBefore) {
      this.#orders.splice(0, this.#first)
      this.#first = 0
    }
    return this.#orders[this.#first]
  }

  open(): readonly Order[] {
    return this.#orders.filter(({ settled }) => !settled)
  }
}
