import { createServer, type Server, type Socket } from 'node:net'
import { AuthenticationError, Connection, Writer } from '@platformatic/kafka'
import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { NodeLine } from '../../src/cluster/node-line.js'
import { failureOf, isRefused } from '../../src/failure.js'
import type { Answer } from '../../src/wire/answer.js'
import { Frames } from '../../src/wire/frames.js'
import { Request } from '../../src/wire/request.js'
import { eventually } from '../support/broker.js'

const produceKey = 0
const clientId = 'tests'
const seconds = 1_000
const patience = 20 * seconds
const speaker = { code: 'BUS_FAILED', name: 'kafka' } as const

/** A request that asks for its number back. */
const numbered = (number: number): Request =>
  new Request({ key: produceKey, version: 9 }, clientId).int32(number).noTags()

const numberIn = (answer: Answer): number => answer.int32()

/** What the server heard: who asked, by the correlation id, and what. */
interface Heard {
  readonly id: number
  readonly number: number
}

const bodyAt = 4 + 8 + 2 + clientId.length + 1

/** An answer with no tags in its header. */
function answerTo({ id, number }: Heard): Buffer {
  const frame = Buffer.alloc(13)
  frame.writeInt32BE(9, 0)
  frame.writeInt32BE(id, 4)
  frame.writeInt32BE(number, 9)
  return frame
}

/** A server that hears requests and says nothing by itself, and a line to it. */
async function lineTo(onHeard: (heard: Heard, socket: Socket) => void = () => undefined) {
  const heard: Heard[] = []
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    const frames = new Frames((frame) => {
      const request = { id: frame.readInt32BE(8), number: frame.readInt32BE(bodyAt) }
      heard.push(request)
      onHeard(request, socket)
    })
    socket.on('data', (chunk: Buffer) => frames.push(chunk))
    socket.on('error', () => undefined)
  })
  const port = await listening(server)
  const connection = new Connection(clientId, { connectTimeout: 5_000, requestTimeout: 5_000 })
  connection.on('error', () => undefined)
  await connection.connect('127.0.0.1', port)
  const line = new NodeLine(connection, clientId)
  await eventually(() => sockets.length > 0, 'the connection')
  onTestFinished(() => {
    line.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const say = (bytes: Buffer): void => {
    sockets[0]?.write(bytes)
  }
  return { line, connection, heard, say, socket: sockets[0] }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

it('answers reach who asked, in order, in single bytes or many at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 40 }), async (count, cut) => {
      const { line, heard, socket } = await lineTo()
      socket?.setNoDelay(true)
      const asked = Array.from({ length: count }, (_, number) => line.ask(numbered(number), patience))
      await eventually(() => heard.length === count, 'all requests')
      expect(heard.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, index) => index))
      const stream = Buffer.concat(heard.map(answerTo))
      for (let at = 0; at < stream.length; at += cut) {
        await new Promise((resolve) => socket?.write(stream.subarray(at, at + cut), resolve))
      }
      expect((await Promise.all(asked)).map(numberIn)).toEqual(heard.map(({ number }) => number))
    }),
    { numRuns: 15 },
  )
})

it('tags in the head of an answer are passed over', async () => {
  const { line } = await lineTo(({ id, number }, socket) => {
    const frame = Buffer.from([0, 0, 0, 13, 0, 0, 0, 0, 1, 9, 2, 65, 66, 0, 0, 0, 0])
    frame.writeInt32BE(id, 4)
    frame.writeInt32BE(number, 13)
    socket.write(frame)
  })
  expect(numberIn(await line.ask(numbered(70_000), patience))).toBe(70_000)
})

it('what the client asks over the same connection is answered to the client, among ours', async () => {
  const { line, connection, heard, say } = await lineTo()
  const first = line.ask(numbered(1), patience)
  const clients = new Promise<number>((resolve, reject) => {
    connection.send(
      18,
      0,
      () => Writer.create().appendInt32(2).appendTaggedFields(),
      (_id, _key, _version, reader) => reader.readInt32(),
      true,
      true,
      (error, value) => (error ? reject(error) : resolve(Number(value))),
    )
  })
  const last = line.ask(numbered(3), patience)
  await eventually(() => heard.length === 3, 'all requests')
  expect(heard.map(({ id }) => Math.sign(id))).toEqual([-1, 1, -1])
  say(Buffer.concat(heard.map(answerTo)))
  expect(await Promise.all([first.then(numberIn), clients, last.then(numberIn)])).toEqual([1, 2, 3])
})

it('a large request goes out whole, its batch not copied', async () => {
  const batch = Buffer.alloc(3_000_000, 5)
  const request = numbered(1).bytes(batch).noTags()
  expect(request.pieces(-1).includes(batch)).toBe(true)
  const { line } = await lineTo((heard, socket) => socket.write(answerTo(heard)))
  const small = line.ask(numbered(1), patience)
  const large = line.ask(numbered(2).bytes(batch).noTags(), patience)
  const after = line.ask(numbered(3), patience)
  expect((await Promise.all([small, large, after])).map(numberIn)).toEqual([1, 2, 3])
})

it('an answer to what was not asked ends the connection, and all that is on its way with it', async () => {
  const { line, heard, say, socket } = await lineTo()
  const asked = [line.ask(numbered(1), patience), line.ask(numbered(2), patience)]
  const ends = Promise.allSettled(asked)
  await eventually(() => heard.length === 2, 'both requests')
  const closed = new Promise((resolve) => socket?.once('close', resolve))
  say(Buffer.concat(heard.toReversed().map(answerTo)))
  for (const end of await ends) {
    expect(end).toMatchObject({ status: 'rejected', reason: { code: 'PLT_KFK_UNEXPECTED_CORRELATION_ID' } })
  }
  await closed
  expect(line.isOpen).toBe(false)
})

it('an answer with an id that the client never gave ends it, too', async () => {
  const { line, say } = await lineTo()
  const asked = line.ask(numbered(1), patience)
  const end = expect(asked).rejects.toThrow()
  say(answerTo({ id: 4711, number: 1 }))
  await end
  expect(line.isOpen).toBe(false)
})

it('a connection that is closed in the middle of an answer fails what was asked, as something to try again', async () => {
  const { line, heard, socket } = await lineTo((request, from) => {
    from.write(answerTo(request).subarray(0, 7), () => from.destroy())
  })
  const failure = await line.ask(numbered(1), patience).catch((error: unknown) => error)
  expect(heard).toHaveLength(1)
  expect(failure).toMatchObject({ code: 'PLT_KFK_NETWORK' })
  expect(isRefused(failure)).toBe(false)
  expect(failureOf(speaker, failure, { en: 'publishing', zh: '发布' })).toMatchObject({ retryable: true })
  await expect(line.ask(numbered(2), patience)).rejects.toBe(failure)
  expect(socket?.destroyed).toBe(true)
})

it('a broker that goes silent: the first deadline ends the connection, an answer in time does not', async () => {
  let answers = 3
  const { line, socket } = await lineTo((request, from) => {
    answers -= 1
    if (answers >= 0) from.write(answerTo(request))
  })
  for (const number of [1, 2, 3]) expect(numberIn(await line.ask(numbered(number), 200))).toBe(number)
  const closed = new Promise((resolve) => socket?.once('close', resolve))
  const began = performance.now()
  const long = line.ask(numbered(4), patience).catch((error: unknown) => error)
  const short = line.ask(numbered(5), 300).catch((error: unknown) => error)
  expect(await Promise.all([long, short])).toEqual([
    expect.objectContaining({ message: 'Request timed out' }),
    expect.objectContaining({ message: 'Request timed out' }),
  ])
  expect(performance.now() - began).toBeGreaterThan(290)
  expect(performance.now() - began).toBeLessThan(5 * seconds)
  await closed
})

it('a line that was closed takes nothing more', async () => {
  const { line, heard } = await lineTo()
  const asked = line.ask(numbered(1), patience)
  const end = expect(asked).rejects.toMatchObject({ code: 'PLT_KFK_NETWORK' })
  line.close()
  await end
  await expect(line.ask(numbered(2), patience)).rejects.toMatchObject({ code: 'PLT_KFK_NETWORK' })
  expect(heard.length).toBeLessThan(2)
})

it('a port that wants TLS is no broker that is silent', async () => {
  const { line } = await lineTo((_request, socket) => socket.write(Buffer.from([0x15, 3, 3, 0, 2, 2, 70])))
  const failure = await line.ask(numbered(1), patience).catch((error: unknown) => error)
  expect(failure).toMatchObject({ message: 'Broker requires TLS.' })
  expect(isRefused(failure)).toBe(true)
})

it('a login that could not be renewed ends the line as something to try again: whether it was refused is seen then', async () => {
  const { line, connection } = await lineTo()
  const asked = line.ask(numbered(1), patience).catch((error: unknown) => error)
  connection.emit('error', new AuthenticationError('Cannot find a suitable SASL mechanism.'))
  expect(isRefused(await asked)).toBe(false)
  expect(await asked).toMatchObject({ code: 'PLT_KFK_NETWORK' })
  expect(line.isOpen).toBe(false)
})
