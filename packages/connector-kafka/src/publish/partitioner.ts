import type { Message } from '@andon/core/connector'
import { compatibilityPartitioner } from '@platformatic/kafka'

/** Keys are few and messages many, and the hash is costly: so many of them are remembered. */
const mostHashes = 20_000

/** Finds the partition of a key that Java clients take for it. */
export class Partitioner {
  readonly #hashes = new Map<string, number>()

  /** @param partitions how many the topic has */
  partitionOf(key: string, partitions: number): number {
    let hash = this.#hashes.get(key)
    if (hash === undefined) {
      const bytes = Buffer.from(key)
      hash = compatibilityPartitioner({ topic: '', key: bytes, value: bytes }, bytes)
      if (this.#hashes.size >= mostHashes) this.#hashes.clear()
      this.#hashes.set(key, hash)
    }
    return hash % partitions
  }

  /** For all messages of a topic with so many partitions. */
  for(partitions: number): (message: Message) => number {
    return ({ key }) => this.partitionOf(key, partitions)
  }
}
