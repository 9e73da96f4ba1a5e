import { type Plant, type PlantFaults, startPlant, virtualClock } from '@andon/testkit'
import { afterEach, expect, it } from 'vitest'

let plant: Plant | undefined
afterEach(async () => {
  await plant?.close()
})

async function open(faults: PlantFaults, seed = 1): Promise<Plant> {
  await plant?.close()
  plant = await startPlant({ seed, faults, clock: virtualClock() })
  return plant
}

let keys = 0
const post = (url: string, signal?: AbortSignal): Promise<Response> => {
  keys += 1
  return fetch(`${url}/messages`, {
    method: 'POST',
    headers: { 'idempotency-key': `k-${keys}` },
    body: JSON.stringify({ to: 'line', text: 'hello' }),
    ...(signal && { signal }),
  })
}

it('an error before the work leaves nothing behind', async () => {
  const { url, state } = await open({ script: ['error-before'] })
  expect((await post(url)).status).toBe(503)
  expect(state().messages).toEqual([])
  expect((await post(url)).status).toBe(200)
})

it('a rate limit says when to come again', async () => {
  const { url } = await open({ requestsPerSecond: 2 })
  const answers = [await post(url), await post(url), await post(url)]
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
  expect(answers[2]?.headers.get('retry-after')).toBe('1')
})

it('a lost answer: the work is done and the connection is cut', async () => {
  const { url, state } = await open({ script: ['lost-answer'] })
  await expect(post(url)).rejects.toThrow()
  expect(state().messages).toHaveLength(1)
})

it('a time-out after the work: it is done, and no answer comes', async () => {
  const { url, state } = await open({ script: ['timeout-after'] })
  const stopper = new AbortController()
  const waiting = post(url, stopper.signal)
  while (state().messages.length === 0) await new Promise((resolve) => setImmediate(resolve))
  stopper.abort()
  await expect(waiting).rejects.toThrow(/abort/i)
})

it('closing cuts a connection that waits, and may be done twice', async () => {
  const { url, close, state } = await open({ script: ['timeout-after'] })
  const waiting = post(url)
  waiting.catch(() => undefined)
  while (state().messages.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await Promise.all([close(), close()])
  await expect(waiting).rejects.toThrow()
})

it('faults come in the same sequence for the same seed, and in another for another', async () => {
  const faults: PlantFaults = { rates: { 'error-before': 0.3, 'rate-limit': 0.2 } }
  const sequence = async (seed: number): Promise<string> => {
    const { url } = await open(faults, seed)
    const statuses: number[] = []
    for (let round = 0; round < 40; round += 1) statuses.push((await post(url)).status)
    return statuses.join(' ')
  }
  const first = await sequence(7)
  expect(first).toContain('503')
  expect(first).toContain('429')
  expect(await sequence(7)).toBe(first)
  expect(await sequence(8)).not.toBe(first)
})

it('a latency makes every answer late', async () => {
  const { url } = await open({ latencyMs: [30, 40] })
  const started = performance.now()
  await post(url)
  expect(performance.now() - started).toBeGreaterThanOrEqual(29)
})

it('reads are spared unless faults are set for all', async () => {
  const { url, setFaults, requests } = await open({ script: ['error-before'] })
  expect((await fetch(`${url}/batches`)).status).toBe(200)
  setFaults({ script: ['error-before'], on: 'all' })
  expect((await fetch(`${url}/batches`)).status).toBe(503)
  expect((await fetch(`${url}/health`)).status).toBe(200)
  expect([requests, plant?.requests]).toEqual([0, 2])
})

it('a plant that is down cuts every connection and does nothing, until it is up again', async () => {
  const { url, setFaults, state } = await open({})
  expect((await post(url)).status).toBe(200)
  setFaults({ down: true })
  await expect(post(url)).rejects.toThrow()
  await expect(fetch(`${url}/health`)).rejects.toThrow()
  expect(state().messages).toHaveLength(1)
  setFaults({})
  expect((await post(url)).status).toBe(200)
})

it('a plant that goes down while a request is late does not do it', async () => {
  const { url, setFaults, state } = await open({ latencyMs: 30 })
  const waiting = expect(post(url)).rejects.toThrow()
  while (plant?.requests === 0) await new Promise((resolve) => setImmediate(resolve))
  setFaults({ down: true })
  await waiting
  setFaults({ latencyMs: 60 })
  // Answered after the first would have been done.
  await post(url)
  expect(state().messages).toHaveLength(1)
})

it('a share of the requests is slow', async () => {
  const { url } = await open({ slow: { share: 0.5, latencyMs: 40 } })
  const waits: number[] = []
  for (let round = 0; round < 12; round += 1) {
    const started = performance.now()
    await post(url)
    waits.push(performance.now() - started)
  }
  const slow = waits.filter((wait) => wait >= 39).length
  expect(slow).toBeGreaterThan(0)
  expect(slow).toBeLessThan(12)
})

it('a fault that does not exist is refused by name', async () => {
  const { setFaults } = await open({})
  const wrong = JSON.parse('{"latency": 5}')
  expect(() => setFaults(wrong)).toThrow(
    expect.objectContaining({
      code: 'OPTIONS_INVALID',
      details: expect.objectContaining({ option: 'latency' }),
    }),
  )
})
