import {
  type Connection,
  createAPI,
  fetchV12,
  fetchV13,
  fetchV15,
  fetchV17,
  type Reader,
  ResponseError,
} from '@platformatic/kafka'
import type { Aborted } from '../wire/decode-records.js'

/** What is asked of one partition. */
export interface FetchPart {
  readonly topic: string
  /** The cluster's id of the topic. */
  readonly topicId: string
  readonly partition: number
  readonly from: number
  readonly maxBytes: number
}

/** What one partition answered; its records are as they came, still packed. */
export interface FetchAnswer {
  /** The topic's id, or its name with brokers before 3.1. */
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

/** Only what was committed, where producers use transactions. */
const readCommitted = 1

/**
 * Reads an answer of versions 12 to 17 without reading the records: that is done piece by piece, when somebody asks for
 * them.
 */
function parserFor(byName: boolean) {
  return (_id: number, apiKey: number, apiVersion: number, reader: Reader): readonly FetchAnswer[] => {
    reader.readInt32()
    const errorCode = reader.readInt16()
    if (errorCode !== 0) throw new ResponseError(apiKey, apiVersion, { '': [errorCode, null] }, undefined)
    reader.readInt32()
    const answers = reader.readArray((topics) => {
      const topic = byName ? topics.readString() : topics.readUUID()
      return topics.readArray((partitions) => readPartition(topic, partitions))
    })
    return answers.flat()
  }
}

function readPartition(topic: string, reader: Reader): FetchAnswer {
  const partition = reader.readInt32()
  const errorCode = reader.readInt16()
  reader.readInt64()
  const end = Number(reader.readInt64())
  reader.readInt64()
  const aborted = reader.readNullableArray((each) => ({
    producerId: each.readInt64(),
    firstOffset: each.readInt64(),
  }))
  reader.readInt32()
  const size = reader.readUnsignedVarInt() - 1
  // In one piece: the bytes come in as many as the network had, and reading across them is slow.
  const records = size > 0 ? reader.buffer.slice(reader.position, reader.position + size) : undefined
  if (size > 0) reader.skip(size)
  return { topic, partition, errorCode, end, aborted: aborted ?? [], records }
}

type Arguments = Parameters<typeof fetchV17.createRequest>

const apis = [
  {
    version: 17,
    byName: false,
    api: createAPI<Arguments, readonly FetchAnswer[]>(1, 17, fetchV17.createRequest, parserFor(false)),
  },
  {
    version: 15,
    byName: false,
    api: createAPI<Arguments, readonly FetchAnswer[]>(1, 15, fetchV15.createRequest, parserFor(false)),
  },
  {
    version: 13,
    byName: false,
    api: createAPI<Arguments, readonly FetchAnswer[]>(1, 13, fetchV13.createRequest, parserFor(false)),
  },
  {
    version: 12,
    byName: true,
    api: createAPI<Arguments, readonly FetchAnswer[]>(1, 12, fetchV12.createRequest, parserFor(true)),
  },
] as const

/**
 * Asks a node for messages. It answers as soon as it has any, and after `maxWaitMs` with none.
 *
 * Without a session: a list of partitions costs less than to keep two sides agreed on one.
 *
 * @param version the latest that the broker knows; 12 or later: Kafka 2.7
 */
export async function fetchFrom(
  connection: Connection,
  version: number,
  limits: FetchLimits,
  parts: readonly FetchPart[],
): Promise<readonly FetchAnswer[]> {
  const { api, byName } = apis.find((each) => each.version <= version) ?? apis[3]
  const topics = new Map<string, FetchPart[]>()
  for (const part of parts) {
    const topic = byName ? part.topic : part.topicId
    topics.set(topic, [...(topics.get(topic) ?? []), part])
  }
  const wanted = [...topics].map(([topicId, some]) => ({
    topicId,
    partitions: some.map(({ partition, from, maxBytes }) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: BigInt(from),
      lastFetchedEpoch: -1,
      partitionMaxBytes: maxBytes,
    })),
  }))
  const answers = await api.async(
    connection,
    limits.maxWaitMs,
    1,
    limits.maxBytes,
    readCommitted,
    0,
    -1,
    wanted,
    [],
    '',
  )
  if (byName) return answers
  const names = new Map(parts.map(({ topic, topicId }) => [topicId, topic]))
  return answers.map((answer) => ({ ...answer, topic: names.get(answer.topic) ?? answer.topic }))
}
