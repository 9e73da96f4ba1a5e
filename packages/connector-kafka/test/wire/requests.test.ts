import {
  createRecordsBatch,
  fetchV12,
  fetchV13,
  fetchV14,
  fetchV15,
  fetchV16,
  fetchV17,
  initProducerIdV4,
  produceV9,
  produceV10,
  produceV11,
  Writer,
} from '@platformatic/kafka'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identityRequest } from '../../src/publish/identity-request.js'
import { produceRequest } from '../../src/publish/produce-request.js'
import { fetchRequest } from '../../src/read/fetch-request.js'
import type { Request } from '../../src/wire/request.js'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
const int32 = fc.integer({ min: 0, max: 0x7fff_ffff })
const correlationId = fc.integer({ min: -0x8000_0000, max: -1 })

const ours = (request: Request, id: number): string => Buffer.concat(request.pieces(id)).toString('hex')

/** The client's request with the header that it puts before it. */
const clients = (key: number, version: number, id: number, clientId: string, body: Writer): string =>
  Writer.create()
    .appendInt16(key)
    .appendInt16(version)
    .appendInt32(id)
    .appendString(clientId, false)
    .appendTaggedFields()
    .appendFrom(body)
    .prependLength()
    .buffer.toString('hex')

describe.each([
  [9, produceV9],
  [10, produceV10],
  [11, produceV11],
] as const)('Produce %i', (version, { createRequest }) => {
  const places = fc.uniqueArray(
    fc.record({ topic: text, partition: int32, value: fc.uint8Array({ maxLength: 40_000 }) }),
    { maxLength: 12, selector: ({ topic, partition }) => `${partition} ${topic}` },
  )

  it('is to the letter what the client sends', () => {
    fc.assert(
      fc.property(text, correlationId, int32, places, (clientId, id, timeoutMs, given) => {
        const messages = given.map(({ topic, partition, value }) => ({
          topic,
          partition,
          value: Buffer.from(value),
          timestamp: 1_767_225_600_000n,
        }))
        const parts = messages.map((message) => ({
          topic: message.topic,
          partition: message.partition,
          bytes: createRecordsBatch([message]).buffer,
        }))
        expect(ours(produceRequest(clientId, version, timeoutMs, parts), id)).toBe(
          clients(0, version, id, clientId, createRequest(-1, timeoutMs, messages)),
        )
      }),
      { numRuns: 60 },
    )
  })
})

describe.each([
  [12, fetchV12],
  [13, fetchV13],
  [14, fetchV14],
  [15, fetchV15],
  [16, fetchV16],
  [17, fetchV17],
] as const)('Fetch %i', (version, { createRequest }) => {
  const parts = fc.uniqueArray(
    fc.record({
      topic: fc.constantFrom('feedback.toys', '反馈', 'ключ'),
      partition: int32,
      from: fc.maxSafeNat(),
      maxBytes: int32,
    }),
    { maxLength: 40, selector: ({ topic, partition }) => `${partition} ${topic}` },
  )
  const ids = new Map([
    ['feedback.toys', '00000000-0000-4000-8000-0000000000ff'],
    ['反馈', '9f0c1a52-6a8e-4d0b-b0b5-3d9c2a64f3e1'],
    ['ключ', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ])
  const idOf = (topic: string): string => ids.get(topic) ?? ''

  it('is to the letter what the client sends', () => {
    fc.assert(
      fc.property(text, correlationId, int32, int32, parts, (clientId, id, maxWaitMs, maxBytes, given) => {
        const request = fetchRequest(
          clientId,
          version,
          { maxWaitMs, maxBytes },
          given.map((part) => ({ ...part, topicId: idOf(part.topic).replaceAll('-', '') })),
        )
        const wanted = [...Map.groupBy(given, ({ topic }) => topic)].map(([topic, some]) => ({
          topicId: version < 13 ? topic : idOf(topic),
          partitions: some.map((part) => ({
            partition: part.partition,
            currentLeaderEpoch: -1,
            fetchOffset: BigInt(part.from),
            lastFetchedEpoch: -1,
            partitionMaxBytes: part.maxBytes,
          })),
        }))
        const body = createRequest(maxWaitMs, 1, maxBytes, 1, 0, -1, wanted, [], '')
        expect(ours(request, id)).toBe(clients(1, version, id, clientId, body))
      }),
      { numRuns: 60 },
    )
  })
})

it('InitProducerId is to the letter what the client sends: no transaction, and as nobody that there is', () => {
  fc.assert(
    fc.property(text, correlationId, int32, (clientId, id, timeoutMs) => {
      const body = initProducerIdV4.createRequest(null, timeoutMs, -1n, -1)
      expect(ours(identityRequest(clientId, timeoutMs), id)).toBe(clients(22, 4, id, clientId, body))
    }),
  )
})

it('an older broker is asked in the oldest version that there is a layout for, a newer one in the latest', () => {
  const versionIn = (request: Request): number | undefined => request.pieces(-1)[0]?.readInt16BE(6)
  expect([0, 8, 9, 11, 14].map((version) => versionIn(produceRequest('c', version, 1, [])))).toEqual([
    9, 9, 9, 11, 11,
  ])
  const limits = { maxWaitMs: 1, maxBytes: 1 }
  expect([0, 12, 16, 18].map((version) => versionIn(fetchRequest('c', version, limits, [])))).toEqual([
    12, 12, 16, 17,
  ])
})

it('large batches that go out as they are take no second room', () => {
  const bytes = Buffer.alloc(1_000_000)
  const parts = [0, 1, 2, 3].map((partition) => ({ topic: 'topic', partition, bytes }))
  const pieces = produceRequest('c', 11, 1, parts).pieces(-1)
  const own = new Set(pieces.filter((piece) => piece !== bytes).map(({ buffer }) => buffer))
  expect(pieces.filter((piece) => piece === bytes)).toHaveLength(4)
  expect([...own].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(100_000)
})

it('a topic without an id is no request that the broker would misread', () => {
  const part = { topic: 'topic', topicId: '', partition: 0, from: 0, maxBytes: 1 }
  expect(() => fetchRequest('c', 17, { maxWaitMs: 1, maxBytes: 1 }, [part])).toThrow(RangeError)
})
