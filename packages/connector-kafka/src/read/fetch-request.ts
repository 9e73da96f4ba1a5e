import type { NodeLine } from '../cluster/node-line.js'
import { errorOfCode } from '../publish/answers.js'
import type { Answer } from '../wire/answer.js'
import type { Aborted } from '../wire/decode-records.js'
import { Request } from '../wire/request.js'

/** What is asked of one partition. */
export interface FetchPart {
  readonly topic: string
  /** The cluster's id of the topic, in 32 hex digits. */
  readonly topicId: string
  readonly partition: number
  readonly from: number
  readonly maxBytes: number
}

/** What one partition answered; its records are as they came, still packed. */
export interface FetchAnswer {
  /** Its name; its id where nobody asked for it. */
  readonly topic: string
  readonly partition: number
  /** 0: well. */
  readonly errorCode: number
  /** The offset after the last one that consumers may see. */
  readonly end: number
  readonly aborted: readonly Aborted[]
  readonly records: Buffer | undefined
}

export interface FetchLimits {
  /** How long the broker waits for something to come when there is nothing (ms). */
  readonly maxWaitMs: number
  readonly maxBytes: number
}

const fetchKey = 1
/** Kafka 2.7 knows 12. */
const oldestVersion = 12
const latestVersion = 17
/** From this one on, topics have ids. */
const firstWithIds = 13
/** From this one on, readers need not say that they are no replicas. */
const firstWithoutReplica = 15

const versionOf = (known: number): number => Math.min(Math.max(known, oldestVersion), latestVersion)

/** Only what was committed, where producers use transactions. */
const readCommitted = 1
const noReplica = -1
/** It answers as soon as there is anything. */
const leastBytes = 1
/** One that ends with the answer. */
const noSession = -1
const anyEpoch = -1
/** Of a replica. */
const noOffset = -1
const bytesAround = 128
const bytesOfPart = 33

/** @param version the latest that the broker knows */
export function fetchRequest(
  clientId: string,
  version: number,
  { maxWaitMs, maxBytes }: FetchLimits,
  parts: readonly FetchPart[],
): Request {
  const api = { key: fetchKey, version: versionOf(version) }
  const topics = Map.groupBy(parts, ({ topic }) => topic)
  const length = bytesAround + bytesOfPart * parts.length
  const request = new Request(api, clientId, length)
  if (api.version < firstWithoutReplica) request.int32(noReplica)
  request.int32(maxWaitMs).int32(leastBytes).int32(maxBytes).int8(readCommitted)
  request.int32(0).int32(noSession).list(topics.size)
  for (const [topic, some] of topics) {
    if (api.version < firstWithIds) request.text(topic)
    else request.uuid(some[0]?.topicId ?? '')
    request.list(some.length)
    for (const part of some) {
      request.int32(part.partition).int32(anyEpoch).int64(part.from).int32(anyEpoch)
      request.int64(noOffset).int32(part.maxBytes).noTags()
    }
    request.noTags()
  }
  // No topics to forget, and no rack.
  return request.list(0).text('').noTags()
}

/**
 * Reads an answer without reading the records: that is done piece by piece, when somebody asks for them.
 *
 * @param version the latest that the broker knows
 * @param parts what was asked
 * @throws Error when the broker refuses the whole of it
 */
export function fetchAnswers(
  answer: Answer,
  version: number,
  parts: readonly FetchPart[],
): readonly FetchAnswer[] {
  const used = versionOf(version)
  // How long we are held up for our quota.
  answer.skip(4)
  const errorCode = answer.int16()
  if (errorCode !== 0) throw errorOfCode(errorCode)
  // The session.
  answer.skip(4)
  const answers: FetchAnswer[] = []
  for (let topics = answer.list(); topics > 0; topics -= 1) {
    const topic = used < firstWithIds ? (answer.text() ?? '') : nameOf(answer.uuid(), parts)
    for (let partitions = answer.list(); partitions > 0; partitions -= 1) {
      answers.push(partitionAnswer(topic, answer))
    }
    answer.skipTags()
  }
  return answers
}

const nameOf = (id: string, parts: readonly FetchPart[]): string =>
  parts.find(({ topicId }) => topicId === id)?.topic ?? id

function partitionAnswer(topic: string, answer: Answer): FetchAnswer {
  const partition = answer.int32()
  const errorCode = answer.int16()
  // The high watermark; then the end for consumers, and the oldest offset.
  const end = answer.skip(8).int64()
  answer.skip(8)
  const aborted: Aborted[] = []
  for (let left = answer.list(); left > 0; left -= 1) {
    aborted.push({ producerId: answer.bigint64(), firstOffset: answer.bigint64() })
    answer.skipTags()
  }
  // A replica that would be nearer.
  const records = answer.skip(4).bytes()
  answer.skipTags()
  return { topic, partition, errorCode, end, aborted, records: records?.length === 0 ? undefined : records }
}

/**
 * Asks a node for messages. It answers as soon as it has any, and after `maxWaitMs` with none.
 *
 * Without a session: a list of partitions costs less than to keep two sides agreed on one.
 *
 * @param version the latest that the broker knows; 12 or later: Kafka 2.7
 * @param timeoutMs how long after that it may take
 */
export async function fetchFrom(
  line: NodeLine,
  version: number,
  limits: FetchLimits,
  timeoutMs: number,
  parts: readonly FetchPart[],
): Promise<readonly FetchAnswer[]> {
  const request = fetchRequest(line.clientId, version, limits, parts)
  return fetchAnswers(await line.ask(request, limits.maxWaitMs + timeoutMs), version, parts)
}
