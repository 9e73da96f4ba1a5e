import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Frames } from '../../src/wire/frames.js'

/** A frame around these bytes. */
const framed = (body: Uint8Array): Buffer => {
  const frame = Buffer.alloc(4 + body.length)
  frame.writeInt32BE(body.length, 0)
  frame.set(body, 4)
  return frame
}

/** What comes out when these pieces come in, as text. */
function split(pieces: readonly Buffer[]): readonly string[] {
  const got: Buffer[] = []
  const frames = new Frames((frame) => got.push(frame))
  for (const piece of pieces) frames.push(piece)
  return got.map((frame) => frame.toString('hex'))
}

const bodies = fc.array(fc.uint8Array({ minLength: 4, maxLength: 60 }), { maxLength: 8 })

it('frames come out as they went in, wherever the network cuts them', () => {
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(600)), (sent, cuts) => {
      const frames = sent.map(framed)
      const stream = Buffer.concat(frames)
      const places = [0, ...cuts.filter((cut) => cut < stream.length), stream.length].toSorted(
        (a, b) => a - b,
      )
      const pieces = places.map((place, index) => stream.subarray(place, places[index + 1]))
      expect(split(pieces)).toEqual(frames.map((frame) => frame.toString('hex')))
    }),
  )
})

it('two frames are found for every place of a cut, and byte by byte', () => {
  const frames = [framed(Buffer.from('first')), framed(Buffer.from('the second'))]
  const stream = Buffer.concat(frames)
  const expected = frames.map((frame) => frame.toString('hex'))
  for (let cut = 0; cut <= stream.length; cut += 1) {
    expect(split([stream.subarray(0, cut), stream.subarray(cut)])).toEqual(expected)
  }
  expect(split(Array.from(stream, (byte) => Buffer.from([byte])))).toEqual(expected)
})

it('a frame of 16 MB in pieces takes its own memory and no more', () => {
  const large = framed(Buffer.alloc(16_000_000, 7))
  const got: Buffer[] = []
  const frames = new Frames((frame) => got.push(frame))
  for (let at = 0; at < large.length; at += 65_536) frames.push(large.subarray(at, at + 65_536))
  const [frame] = got
  expect(frame?.equals(large)).toBe(true)
  expect(frame?.buffer.byteLength).toBe(large.length)
})

it('what begins like TLS is told as that, and anything else that is no frame as no Kafka', () => {
  const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 40])
  expect(() => split([alert])).toThrow('Broker requires TLS')
  expect(() => split([alert.subarray(0, 2), alert.subarray(2)])).toThrow('Broker requires TLS')
  expect(() => split([Buffer.from('HTTP/1.1 400 Bad Request')])).toThrow('does not speak Kafka')
  expect(() => split([Buffer.from([0, 0, 0, 3, 0, 0, 0])])).toThrow('does not speak Kafka')
  expect(() => split([Buffer.from([0xff, 0xff, 0xff, 0xff])])).toThrow('does not speak Kafka')
})
