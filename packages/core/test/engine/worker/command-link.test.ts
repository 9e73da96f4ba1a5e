import type { Action } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import { memoryBroker, memoryBus, memoryStore, sampleAction, virtualClock } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { CommandLink, commandTopic } from '../../../src/engine/worker/command-link.js'

async function linked(fault?: (operation: string) => Error | undefined) {
  const clock = virtualClock()
  const broker = memoryBroker({ clock })
  const bus = memoryBus({ broker, ...(fault === undefined ? {} : { fault }) })
  const store = memoryStore()
  await store.open()
  const received: Action[] = []
  const errors: AndonError[] = []
  const link = new CommandLink({
    ...{ bus, store, clock },
    received: (actions) => received.push(...actions),
    failed: (error) => errors.push(error),
  })
  onTestFinished(() => link.close())
  return { clock, bus: memoryBus({ broker }), store, link, received, errors }
}

const action = sampleAction(1)
const topic = commandTopic(action.target)

it('whoever speaks to a target is told of its actions, as they stand in the store', async () => {
  const { clock, store, link, received } = await linked()
  await store.transaction((transaction) => transaction.addActions([{ ...action, priority: 7 }]))
  link.listen(action.target)
  link.send([action])
  await clock.advance(1)
  expect(received).toMatchObject([{ id: action.id, priority: 7 }])
})

it("what is no command, and what the store does not know, stands in nobody's way", async () => {
  const { clock, bus, store, link, received, errors } = await linked()
  await store.transaction((transaction) => transaction.addActions([action]))
  link.listen(action.target)
  const message = (text: string) => ({ id: text, key: text, body: Buffer.from(text) })
  await bus.publish(
    topic,
    ['?', '{}', '{"id":7}', '{"id":"unknown"}', JSON.stringify({ id: action.id })].map(message),
  )
  await clock.advance(1)
  expect(received.map(({ id }) => id)).toEqual([action.id])
  expect(errors).toEqual([])
})

it('a bus that fails is told, and asked again with growing pauses until it works', async () => {
  let isDown = true
  const { clock, store, link, received, errors } = await linked((operation) =>
    isDown && operation === 'consume' ? new Error('down') : undefined,
  )
  await store.transaction((transaction) => transaction.addActions([action]))
  link.listen(action.target)
  await clock.advance(10_000)
  expect(errors.length).toBeGreaterThan(2)
  expect(errors.length).toBeLessThan(8)
  isDown = false
  link.send([action])
  await clock.advance(10_000)
  expect(received.map(({ id }) => id)).toEqual([action.id])
})

it('a command that cannot be sent is told, and nobody waits for it', async () => {
  const { clock, link, errors } = await linked(() => new Error('down'))
  link.send([action])
  await clock.advance(1)
  expect(errors.map(({ code }) => code)).toEqual(['BUS_FAILED'])
})

it('who has left a target hears of it no more', async () => {
  const { clock, store, link, received } = await linked()
  await store.transaction((transaction) => transaction.addActions([action]))
  link.listen(action.target)
  await clock.advance(1)
  link.leave(action.target)
  link.send([action])
  await clock.advance(1)
  expect(received).toEqual([])
  link.listen(action.target)
  await clock.advance(1)
  expect(received).toHaveLength(1)
})

it('a target may be called anything: its topic has a name that every broker takes', () => {
  for (const target of ['plant', '冲压车间', 'a b', '../x', 'x'.repeat(300)]) {
    expect(commandTopic(target)).toMatch(/^actions\.[A-Za-z0-9._-]{1,130}$/)
  }
  expect(commandTopic('a b')).not.toBe(commandTopic('a_b'))
})
