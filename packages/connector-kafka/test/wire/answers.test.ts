import {
  fetchV12,
  fetchV13,
  fetchV15,
  fetchV17,
  initProducerIdV4,
  produceV9,
  produceV11,
  Reader,
  ResponseError,
  Writer,
} from '@platformatic/kafka'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefused } from '../../src/failure.js'
import { identityAnswer } from '../../src/publish/identity-request.js'
import { produceAnswers } from '../../src/publish/produce-request.js'
import { fetchAnswers } from '../../src/read/fetch-request.js'
import { Answer } from '../../src/wire/answer.js'
import { encodeBatch } from '../../src/wire/encode-batch.js'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
const int32 = fc.integer({ min: 0, max: 0x7fff_ffff })
const errorCode = fc.constantFrom(0, 0, 0, 1, 3, 6, 10, 29, 45)
/** Tagged fields that nobody knows yet: after those that the client reads. */
const tags = fc.uniqueArray(
  fc.record({ tag: fc.integer({ min: 5, max: 300 }), value: fc.uint8Array({ maxLength: 200 }) }),
  { maxLength: 3, selector: ({ tag }) => tag },
)
type Tags = readonly { readonly tag: number; readonly value: Uint8Array }[]

function appendTags(writer: Writer, some: Tags): Writer {
  writer.appendUnsignedVarInt(some.length)
  for (const { tag, value } of some) {
    writer.appendUnsignedVarInt(tag).appendUnsignedVarInt(value.length)
    if (value.length > 0) writer.append(Buffer.from(value))
  }
  return writer
}

/** The client's reading, also of an answer in which something failed. */
function responseOf<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof ResponseError) return error.response
    throw error
  }
}

describe.each([
  [9, produceV9],
  [11, produceV11],
] as const)('an answer to Produce %i', (version, { parseResponse }) => {
  const partitions = fc.array(
    fc.record({
      index: int32,
      errorCode,
      records: fc.array(fc.option(text), { maxLength: 3 }),
      message: fc.option(text),
      tags,
    }),
    { maxLength: 6 },
  )
  const answers = fc.array(fc.record({ topic: text, partitions, tags }), { maxLength: 4 })

  it('is read as the client reads it, each partition by itself', () => {
    fc.assert(
      fc.property(answers, tags, (topics, more) => {
        const writer = Writer.create().appendArray(
          topics,
          (each, topic) => {
            each.appendString(topic.topic).appendArray(
              topic.partitions,
              (inner, partition) => {
                inner.appendInt32(partition.index).appendInt16(partition.errorCode)
                inner.appendInt64(7n).appendInt64(-1n).appendInt64(0n)
                inner.appendArray(partition.records, (record, message, index) => {
                  record.appendInt32(index).appendString(message)
                })
                appendTags(inner.appendString(partition.message), partition.tags)
              },
              true,
              false,
            )
            appendTags(each, topic.tags)
          },
          true,
          false,
        )
        const bytes = appendTags(writer.appendInt32(0), more).buffer
        const theirs = responseOf(() => parseResponse(1, 0, version, Reader.from(bytes)))
        expect(produceAnswers(new Answer(bytes))).toEqual(
          theirs.responses.flatMap(({ name, partitionResponses }) =>
            partitionResponses.map((partition) => ({
              topic: name,
              partition: partition.index,
              errorCode: partition.errorCode,
              message: partition.errorMessage ?? undefined,
            })),
          ),
        )
      }),
    )
  })
})

const batch = encodeBatch([{ id: '1', key: 'k', body: Buffer.from('body') }], {
  producerId: 1n,
  producerEpoch: 0,
  firstSequence: 0,
  compression: 'none',
  now: 1_767_225_600_000,
})

describe.each([
  [12, fetchV12],
  [13, fetchV13],
  [15, fetchV15],
  [17, fetchV17],
] as const)('an answer to Fetch %i', (version, { parseResponse }) => {
  const partitions = fc.array(
    fc.record({
      index: int32,
      errorCode,
      end: fc.bigInt({ min: -1n, max: BigInt(Number.MAX_SAFE_INTEGER) }),
      aborted: fc.option(
        fc.array(
          fc.record({
            producerId: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
            firstOffset: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
          }),
          { maxLength: 3 },
        ),
      ),
      batches: fc.option(fc.integer({ min: 0, max: 3 })),
      tags,
    }),
    { maxLength: 6 },
  )
  const topics = fc.array(fc.record({ topic: text, id: fc.uuid(), partitions }), { maxLength: 4 })

  it('is read as the client reads it, its records left packed', () => {
    fc.assert(
      fc.property(topics, tags, (given, more) => {
        const writer = Writer.create().appendInt32(0).appendInt16(0).appendInt32(0)
        writer.appendArray(given, (each, topic) => {
          if (version < 13) each.appendString(topic.topic)
          else each.appendUUID(topic.id)
          each.appendArray(
            topic.partitions,
            (inner, partition) => {
              inner.appendInt32(partition.index).appendInt16(partition.errorCode)
              inner.appendInt64(99n).appendInt64(partition.end).appendInt64(0n)
              inner.appendArray(partition.aborted, (one, { producerId, firstOffset }) => {
                one.appendInt64(producerId).appendInt64(firstOffset)
              })
              inner.appendInt32(-1)
              const { batches } = partition
              inner.appendBytes(
                batches === null ? null : Buffer.concat(Array.from({ length: batches }, () => batch)),
              )
              appendTags(inner, partition.tags)
            },
            true,
            false,
          )
        })
        const bytes = appendTags(writer, more).buffer
        const theirs = responseOf(() => parseResponse(1, 1, version, Reader.from(bytes)))
        const parts = given.map(({ topic, id }) => ({
          topic,
          topicId: id.replaceAll('-', ''),
          partition: 0,
          from: 0,
          maxBytes: 1,
        }))
        const got = fetchAnswers(new Answer(bytes), version, parts)
        expect(
          got.map(({ records, ...answer }) => ({
            ...answer,
            records: (records?.length ?? 0) / batch.length,
          })),
        ).toEqual(
          theirs.responses.flatMap(({ topicId, partitions: some }, index) =>
            some.map((partition) => ({
              topic: version < 13 ? topicId : given[index]?.topic,
              partition: partition.partitionIndex,
              errorCode: partition.errorCode,
              end: Number(partition.lastStableOffset),
              aborted: partition.abortedTransactions ?? [],
              records: partition.records?.length ?? 0,
            })),
          ),
        )
        for (const { records } of got) if (records) expect(records.buffer).toBe(bytes.buffer)
      }),
    )
  })
})

it('an answer to InitProducerId is read as the client reads it', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), fc.nat(0x7fff), tags, (id, epoch, more) => {
      const writer = Writer.create().appendInt32(0).appendInt16(0).appendInt64(id).appendInt16(epoch)
      const bytes = appendTags(writer, more).buffer
      const { producerId, producerEpoch } = initProducerIdV4.parseResponse(1, 22, 4, Reader.from(bytes))
      expect(identityAnswer(new Answer(bytes))).toEqual({ producerId, producerEpoch })
    }),
  )
})

/** What the whole of an answer is refused with. */
const refusedWith = (code: number): unknown[] => {
  const bytes = Writer.create().appendInt32(0).appendInt16(code).appendInt64(-1n).appendInt16(-1).buffer
  return [() => identityAnswer(new Answer(bytes)), () => fetchAnswers(new Answer(bytes), 17, [])].map(
    (read) => {
      try {
        return read()
      } catch (error) {
        return error
      }
    },
  )
}

it('a refusal of the whole is known by its name: credentials that may not do this, or something that passes', () => {
  for (const error of refusedWith(31)) {
    expect(error).toMatchObject({ message: expect.stringContaining('CLUSTER_AUTHORIZATION_FAILED') })
    expect(isRefused(error)).toBe(true)
  }
  for (const error of refusedWith(14)) expect(isRefused(error)).toBe(false)
  for (const error of refusedWith(9_999)) {
    expect(error).toMatchObject({ message: expect.stringContaining('error 9999') })
    expect(isRefused(error)).toBe(false)
  }
})

it('an answer that is cut off anywhere is an error', () => {
  const writer = Writer.create().appendInt32(0).appendInt16(0).appendInt32(0)
  writer.appendArray(['topic'], (each, topic) => {
    each.appendString(topic).appendArray([0, 1], (inner, partition) => {
      inner.appendInt32(partition).appendInt16(0).appendInt64(9n).appendInt64(9n).appendInt64(0n)
      inner
        .appendArray([], () => undefined)
        .appendInt32(-1)
        .appendBytes(batch)
    })
  })
  const bytes = writer.appendTaggedFields().buffer
  expect(fetchAnswers(new Answer(bytes), 12, [])).toHaveLength(2)
  // The tags of the whole come last, and nothing is read of them.
  for (let length = 0; length < bytes.length - 1; length += 1) {
    expect(() => fetchAnswers(new Answer(bytes.subarray(0, length)), 12, [])).toThrow(RangeError)
  }
})

it('noise is an error or no answer, and never hangs', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
      for (const read of [
        () => produceAnswers(new Answer(Buffer.from(noise))),
        () => fetchAnswers(new Answer(Buffer.from(noise)), 17, []),
        () => identityAnswer(new Answer(Buffer.from(noise))),
      ]) {
        try {
          read()
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }
    }),
  )
})
