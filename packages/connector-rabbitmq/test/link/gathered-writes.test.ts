import { Writable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { ChannelModel } from 'amqplib'
import { connect } from 'amqplib'
import { expect, it } from 'vitest'
import { describeWith, servers } from '../../../../test/support/servers.js'
import { gatherWrites } from '../../src/link/gathered-writes.js'

/** A socket that notes what the operating system would be given in one call. */
const given = (options: { readonly highWaterMark?: number } = {}) => {
  const calls: string[] = []
  const stream = new Writable({
    ...options,
    write: (chunk, _, done) => {
      calls.push(String(chunk))
      done()
    },
    writev: (chunks, done) => {
      calls.push(chunks.map(({ chunk }) => String(chunk)).join(''))
      done()
    },
  })
  gatherWrites({ connection: { stream } } as unknown as ChannelModel)
  return { stream, calls }
}

it('what is written in one turn goes in one call, before the next turn', async () => {
  const { stream, calls } = given()
  for (const frame of ['a', 'b', 'c']) stream.write(frame)
  expect(calls).toEqual([])
  await setImmediate()
  expect(calls).toEqual(['abc'])
  stream.write('d')
  await setImmediate()
  expect(calls).toEqual(['abc', 'd'])
})

it('a full buffer is told, and flows on in the same order', async () => {
  const { stream, calls } = given({ highWaterMark: 2 })
  const frames = [...'abcdefgh']
  const flow = (): void => {
    while (frames.length > 0 && stream.write(frames.shift()));
  }
  stream.on('drain', flow)
  flow()
  await setImmediate()
  expect(calls.join('')).toBe('abcdefgh')
  expect(calls).toEqual(['ab', 'cd', 'ef', 'gh'])
})

it('what is written last is there when the socket ends', async () => {
  const { stream, calls } = given()
  stream.write('a')
  stream.end('b')
  await setImmediate()
  expect(calls.join('')).toBe('ab')
  expect(stream.writableFinished).toBe(true)
})

describeWith('amqplib', servers.rabbitmq, ({ url }) => {
  it('has its socket where it is looked for', async () => {
    const model = await connect(url)
    expect(Reflect.get(model.connection, 'stream')).toBeInstanceOf(Writable)
    await model.close()
  })
})
