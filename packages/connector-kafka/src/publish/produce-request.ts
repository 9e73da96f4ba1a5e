import { type Connection, createAPI, produceV9, produceV11, Writer } from '@platformatic/kafka'

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

type Response = ReturnType<typeof produceV11.parseResponse>

/** All replicas that are in sync have it. */
const acksOfAll = -1

/** Versions 9 to 11 have one layout: topics by name, then their partitions. */
function createRequest(timeoutMs: number, parts: readonly ProducePart[]): Writer {
  const topics = new Map<string, ProducePart[]>()
  for (const part of parts) {
    const known = topics.get(part.topic)
    if (known === undefined) topics.set(part.topic, [part])
    else known.push(part)
  }
  return Writer.create()
    .appendString(null)
    .appendInt16(acksOfAll)
    .appendInt32(timeoutMs)
    .appendArray([...topics], (writer, [topic, partitions]) => {
      writer.appendString(topic).appendArray(partitions, (each, { partition, bytes }) => {
        each
          .appendInt32(partition)
          .appendUnsignedVarInt(bytes.length + 1)
          .append(bytes)
      })
    })
    .appendTaggedFields()
}

/** The client makes an error of an answer in which one partition failed; here each partition is judged by itself. */
function answered(parse: () => Response): Response {
  try {
    return parse()
  } catch (error) {
    const response: unknown = error instanceof Error ? Reflect.get(error, 'response') : undefined
    if (isResponse(response)) return response
    throw error
  }
}

const isResponse = (value: unknown): value is Response =>
  typeof value === 'object' && value !== null && 'responses' in value && Array.isArray(value.responses)

const apis = {
  9: createAPI<[number, readonly ProducePart[]], Response>(0, 9, createRequest, (id, key, version, reader) =>
    answered(() => produceV9.parseResponse(id, key, version, reader)),
  ),
  11: createAPI<[number, readonly ProducePart[]], Response>(
    0,
    11,
    createRequest,
    (id, key, version, reader) => answered(() => produceV11.parseResponse(id, key, version, reader)),
  ),
}

/**
 * Sends batches to the node that leads their partitions.
 *
 * @param version the latest that the broker knows; 9 or later: Kafka 2.8
 */
export async function produce(
  connection: Connection,
  version: number,
  timeoutMs: number,
  parts: readonly ProducePart[],
): Promise<readonly ProduceAnswer[]> {
  const api = version >= 11 ? apis[11] : apis[9]
  const { responses } = await api.async(connection, timeoutMs, parts)
  return responses.flatMap(({ name, partitionResponses }) =>
    partitionResponses.map(({ index, errorCode, errorMessage }) => ({
      topic: name,
      partition: index,
      errorCode,
      message: errorMessage ?? undefined,
    })),
  )
}
