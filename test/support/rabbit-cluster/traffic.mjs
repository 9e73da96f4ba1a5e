import { rabbitBus } from '@andon/connector-rabbitmq'
import { Ledger } from './ledger.mjs'

const topic = 'storm'
const group = 'crew'
const batch = 100
/** Of a bus that publishes while a node is down, everything included (ms). */
const deadlineMs = 10_000
/** Of 4 shards each has 7 to 9 of these keys: who reads two shards has 14 or more, and who reads one has 9 or less. */
const shards = 4
const keys = Array.from({ length: 32 }, (_, index) => `key-${index}`)
const keysOfTwoShards = 14

/**
 * Publishes through one bus and reads through two of one group, all the time.
 *
 * @param {readonly string[]} urls of the cluster's nodes
 * @param {string} prefix of everything on the broker
 * @param {number} paceMs between two batches of 100
 */
export function startTraffic(urls, prefix, paceMs) {
  const open = () =>
    rabbitBus({
      ...{ url: [...urls], prefix, shards, groups: [group], history: false, creationPauseMs: 0 },
      ...{ rebalanceMs: 500, heartbeatSeconds: 2, connectTimeoutMs: 2000, deliveryTimeoutMs: deadlineMs },
    })
  const ledger = new Ledger()
  /** @type {string[]} what no bus may do */
  const failures = []
  const ending = new AbortController()
  let [published, fresh, longestMs] = [0, 0, 0]

  /**
   * @param {import('@andon/connector-rabbitmq').RabbitBus} bus
   * @param {ReturnType<typeof messageOf>[]} messages
   * @returns {Promise<boolean>} whether they are confirmed
   */
  async function publish(bus, messages) {
    const begun = performance.now()
    try {
      await bus.publish(topic, messages)
      ledger.confirm(messages)
      return true
    } catch (error) {
      failures.push(`${messages[0]?.id} and the rest of its batch: ${error}`)
      return false
    } finally {
      longestMs = Math.max(longestMs, Math.round(performance.now() - begun))
    }
  }

  const publisher = open()
  const publishing = (async () => {
    while (!ending.signal.aborted) {
      const messages = Array.from({ length: batch }, (_, index) => {
        const number = published + index
        return messageOf(`m-${number}`, keys[number % keys.length] ?? '', number)
      })
      published += batch
      while (!(await publish(publisher, messages)) && !ending.signal.aborted);
      await wait(paceMs)
    }
  })()

  const crew = [open(), open()]
  const reading = new AbortController()
  const reads = crew.map(async (bus, consumer) => {
    try {
      for await (const read of bus.consume({ topic, group, signal: reading.signal })) {
        for (const { id, key, headers } of read.items) {
          ledger.deliver({ id, key, number: Number(headers?.number) }, consumer)
        }
        // What cannot be committed comes again.
        await read.commit().catch(() => undefined)
      }
    } catch (error) {
      failures.push(`consumer ${consumer}: ${error}`)
    }
  })

  return {
    ledger,
    failures,
    /** The slowest publication (ms). */
    get longestMs() {
      return longestMs
    },
    /** As a process that begins now would: connects, sees whether all is there, publishes once. */
    async publishAfresh() {
      const bus = open()
      await publish(bus, [messageOf(`fresh-${fresh}`, 'fresh', fresh)])
      fresh += 1
      await bus.close()
    },
    /** How many of the keys each consumer has. */
    division: () => crew.map((_, consumer) => keys.filter((key) => ledger.ownerOf(key) === consumer).length),
    /** Whether each consumer has as many shards as the other. */
    isDivided() {
      return this.division().every((count) => count >= keysOfTwoShards)
    },
    /** No more is published; resolves when the last is confirmed or has failed. */
    async stopPublishing() {
      ending.abort()
      await publishing
    },
    async close() {
      ending.abort()
      reading.abort()
      await Promise.all([publisher, ...crew].map((bus) => bus.close()))
      await Promise.all([publishing, ...reads])
    },
  }
}

/** @param {string} id @param {string} key @param {number} number */
const messageOf = (id, key, number) => ({
  ...{ id, key, number, body: Buffer.alloc(200) },
  headers: { number: String(number) },
})

const wait = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
