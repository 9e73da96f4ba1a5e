import type { NodeLine } from '../cluster/node-line.js'
import type { Answer } from '../wire/answer.js'
import { Request, roomFor } from '../wire/request.js'

/** One encoded batch on its way to its partition. */
export interface ProducePart {
  readonly topic: string
  readonly partition: number
  readonly bytes: Buffer
}

/** What the broker said of one of them. */
export interface ProduceAnswer {
  readonly topic: string
  readonly partition: number
  /** 0: written. */
  readonly errorCode: number
  readonly message: string | undefined
}

const produceKey = 0
/** From 9 to 11 there is one layout; what is newer is for transactions. Kafka 2.8 knows 9. */
const oldestVersion = 9
const latestVersion = 11

/** All replicas that are in sync have it. */
const acksOfAll = -1
/** Besides the batches; more is no error. */
const bytesAround = 256

/**
 * @param version the latest that the broker knows
 * @param timeoutMs how long the broker may wait for the replicas
 */
export function produceRequest(
  clientId: string,
  version: number,
  timeoutMs: number,
  parts: readonly ProducePart[],
): Request {
  const topics = Map.groupBy(parts, ({ topic }) => topic)
  const length = parts.reduce((sum, { bytes }) => sum + roomFor(bytes), bytesAround)
  const api = { key: produceKey, version: Math.min(Math.max(version, oldestVersion), latestVersion) }
  const request = new Request(api, clientId, length)
  // No transaction.
  request.nothing().int16(acksOfAll).int32(timeoutMs).list(topics.size)
  for (const [topic, some] of topics) {
    request.text(topic).list(some.length)
    for (const { partition, bytes } of some) request.int32(partition).bytes(bytes).noTags()
    request.noTags()
  }
  return request.noTags()
}

/** Each partition is judged by itself. */
export function produceAnswers(answer: Answer): readonly ProduceAnswer[] {
  const answers: ProduceAnswer[] = []
  for (let topics = answer.list(); topics > 0; topics -= 1) {
    const topic = answer.text() ?? ''
    for (let partitions = answer.list(); partitions > 0; partitions -= 1) {
      const partition = answer.int32()
      const errorCode = answer.int16()
      // The first offset, the time of appending, the oldest offset.
      answer.skip(24)
      // What is wrong with which records.
      for (let records = answer.list(); records > 0; records -= 1) {
        answer.skip(4).skipBytes().skipTags()
      }
      const message = answer.text()
      answer.skipTags()
      answers.push({ topic, partition, errorCode, message })
    }
    answer.skipTags()
  }
  return answers
}

/**
 * Sends batches to the node that leads their partitions.
 *
 * @param version the latest that the broker knows; 9 or later: Kafka 2.8
 * @param timeoutMs how long it may take to answer
 */
export async function produce(
  line: NodeLine,
  version: number,
  timeoutMs: number,
  parts: readonly ProducePart[],
): Promise<readonly ProduceAnswer[]> {
  const request = produceRequest(line.clientId, version, timeoutMs, parts)
  return produceAnswers(await line.ask(request, timeoutMs))
}
