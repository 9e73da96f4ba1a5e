import type { Message } from '@andon/core/connector'
import type { Delivery } from './shard-channel.js'

/** A message that the reader has, with what the broker has delivered of it. */
export class Held {
  /** The same message, delivered again meanwhile. */
  again: readonly Delivery[] | undefined = undefined
  /** Another one with a hash like this. */
  next: Held | undefined = undefined

  constructor(
    readonly message: Message,
    readonly hash: number,
    readonly delivery: Delivery,
  ) {}
}

/**
 * What the reader has and has not settled, by id. Not a `Map`: through one that is old and always in motion the garbage
 * collector keeps alive all that was ever in it, from one of its tables to the next.
 */
export class InHand {
  readonly #buckets: (Held | undefined)[]

  /** @param expected about how many there will be at most */
  constructor(expected: number) {
    this.#buckets = Array.from({ length: 2 ** Math.ceil(Math.log2(expected)) }, () => undefined)
  }

  find(id: string, hash: number): Held | undefined {
    let held = this.#buckets[this.#bucketOf(hash)]
    while (held !== undefined && held.message.id !== id) held = held.next
    return held
  }

  add(held: Held): void {
    const bucket = this.#bucketOf(held.hash)
    held.next = this.#buckets[bucket]
    this.#buckets[bucket] = held
  }

  /** @returns whether it was there */
  delete(held: Held): boolean {
    const bucket = this.#bucketOf(held.hash)
    let [before, found]: [Held | undefined, Held | undefined] = [undefined, this.#buckets[bucket]]
    while (found !== undefined && found !== held) {
      before = found
      found = found.next
    }
    if (found === undefined) return false
    if (before === undefined) this.#buckets[bucket] = held.next
    else before.next = held.next
    held.next = undefined
    return true
  }

  #bucketOf(hash: number): number {
    return hash & (this.#buckets.length - 1)
  }
}
