import type { Message } from '@andon/core/connector'
import { createRecordsBatch, type MessageRecord, Reader, readRecordsBatch } from '@platformatic/kafka'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { extentOf, RecordCursor } from '../../src/wire/decode-records.js'
import { type Compression, encodeBatch } from '../../src/wire/encode-batch.js'

const compressions: readonly Compression[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const messages = fc.array(
  fc.record(
    {
      id: text,
      key: text,
      body: fc.uint8Array({ maxLength: 300 }),
      headers: fc.dictionary(text, text, { maxKeys: 4 }),
    },
    { requiredKeys: ['id', 'key', 'body'] },
  ),
  { minLength: 1, maxLength: 30 },
)
const stamp = { producerId: 7_000_000_000n, producerEpoch: 3, firstSequence: 12, now: 1_767_225_600_000 }

const readBack = (bytes: Buffer, from = 0, limit = 1_000) =>
  new RecordCursor('topic', 2, from, { bytes, aborted: [] }).next(limit)

/** A batch as the broker stores it: only then it has offsets. */
function placedAt(offset: number, bytes: Buffer): Buffer {
  bytes.writeBigInt64BE(BigInt(offset), 0)
  return bytes
}

const plain = ({ id, key, body, headers = {} }: Message) => ({
  id,
  key,
  body: Buffer.from(body).toString('hex'),
  headers: Object.entries(headers).filter(([name]) => name !== 'andon-id'),
})

it.each(compressions)('what is written with compression %s is read back, with positions', (compression) => {
  fc.assert(
    fc.property(messages, (sent) => {
      const bytes = placedAt(40, encodeBatch(sent, { ...stamp, compression }))
      const got = readBack(bytes)
      expect(got.map(plain)).toEqual(sent.map(plain))
      expect(got.map(({ position }) => position)).toEqual(sent.map((_, index) => 40 + index))
      expect(got.every(({ at }) => at === stamp.now)).toBe(true)
      expect(extentOf(bytes)).toEqual({ next: 40 + sent.length, records: sent.length })
    }),
    { numRuns: 60 },
  )
})

it.each(compressions)('the client reads what is written here with compression %s', (compression) => {
  fc.assert(
    fc.property(messages, (sent) => {
      const batch = readRecordsBatch(Reader.from(encodeBatch(sent, { ...stamp, compression })))
      expect(batch.producerId).toBe(stamp.producerId)
      expect(batch.producerEpoch).toBe(stamp.producerEpoch)
      expect(batch.firstSequence).toBe(stamp.firstSequence)
      expect(batch.lastOffsetDelta).toBe(sent.length - 1)
      expect(batch.records.map(({ key, value }) => [key?.toString(), value?.toString('hex')])).toEqual(
        sent.map(({ key, body }) => [key, Buffer.from(body).toString('hex')]),
      )
    }),
    { numRuns: 30 },
  )
})

it('what the client writes is read here: timestamps of their own, no key, no value, headers', () => {
  const record = (index: number, more: Partial<MessageRecord> = {}): MessageRecord => ({
    topic: 'topic',
    partition: 2,
    timestamp: 1_767_225_600_000n + BigInt(index) * 86_400_000n,
    value: Buffer.from(`value ${index}`),
    ...more,
  })
  const batch = createRecordsBatch([
    record(0, { key: Buffer.from('键') }),
    record(1, { headers: new Map([[Buffer.from('traceparent'), Buffer.from('00-1')]]) }),
    record(-3),
  ])
  expect(
    readBack(placedAt(9, batch.buffer)).map(({ body, ...rest }) => ({ ...rest, body: String(body) })),
  ).toEqual([
    { id: 'topic/2/9', key: '键', body: 'value 0', position: 9, at: 1_767_225_600_000 },
    {
      id: 'topic/2/10',
      key: '',
      body: 'value 1',
      position: 10,
      at: 1_767_312_000_000,
      headers: { traceparent: '00-1' },
    },
    { id: 'topic/2/11', key: '', body: 'value -3', position: 11, at: 1_766_966_400_000 },
  ])
})

const three = [0, 1, 2].map((index) => ({ id: `${index}`, key: 'k', body: Buffer.from(`${index}`) }))
const encoded = () => placedAt(5, encodeBatch(three, { ...stamp, compression: 'none' }))

it('messages before the position that was asked for are left out', () => {
  expect(readBack(encoded(), 7).map(({ id }) => id)).toEqual(['2'])
})

it('a chunk is read piece by piece', () => {
  const cursor = new RecordCursor('topic', 2, 0, { bytes: encoded(), aborted: [] })
  expect([cursor.next(2), cursor.next(2), cursor.next(2)].map((some) => some.length)).toEqual([2, 1, 0])
})

it('a last batch that was cut off is left for the next answer', () => {
  const whole = encoded()
  const cut = Buffer.concat([whole, whole.subarray(0, whole.length - 1)])
  expect(extentOf(cut)).toEqual({ next: 8, records: 3 })
  expect(readBack(cut)).toHaveLength(3)
})

it('a batch that does not match its checksum is an error and no message', () => {
  const spoilt = encoded()
  spoilt[spoilt.length - 3] = 0x7f
  expect(() => readBack(spoilt)).toThrow('checksum')
})

it('bytes that are no batch are never read as messages', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      const bytes = Buffer.from(noise)
      let got = 0
      try {
        got = readBack(bytes).length
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
      expect(got).toBe(0)
    }),
  )
})
