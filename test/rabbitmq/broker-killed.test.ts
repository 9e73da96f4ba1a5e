import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type RabbitBus, type RabbitBusOptions, rabbitBus } from '@andon/connector-rabbitmq'
import type { Message } from '@andon/core/connector'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { stopWhenThisProcessEnds } from '../../scripts/lib/services/guard.mjs'
import { services } from '../../scripts/lib/services.mjs'
import { describeWith, servers } from '../support/servers.js'

/** Debian's wrapper of it insists on a user of its own. */
const control = '/usr/lib/rabbitmq/bin/rabbitmqctl'
const startMs = 90_000

describeWith('a RabbitMQ that dies or is full', servers.rabbitmq, () => {
  const folder = mkdtempSync(join(tmpdir(), 'andon-rabbitmq-'))
  const set = services({ folder, environment: {} })
  let unguard: () => void = () => undefined
  let url = ''
  let tls: { readonly url: string; readonly ca: string } | undefined
  beforeAll(async () => {
    unguard = stopWhenThisProcessEnds(folder, [])
    const { rabbitmq } = await set.up(['rabbitmq'])
    url = rabbitmq?.url ?? ''
    tls = rabbitmq?.tls
  }, startMs)
  afterAll(async () => {
    await set.down(undefined, { purge: true })
    unguard()
    rmSync(folder, { recursive: true, force: true })
  }, startMs)

  const withBus = (more: Partial<RabbitBusOptions> = {}): RabbitBus => {
    const bus = rabbitBus({ url, shards: 4, deliveryTimeoutMs: 60_000, connectTimeoutMs: 1000, ...more })
    onTestFinished(() => bus.close())
    return bus
  }

  /** Reads in the background and notes what came, in the order in which it came. */
  function reading(bus: RabbitBus, topic: string): { readonly messages: Message[] } {
    const stopper = new AbortController()
    const messages: Message[] = []
    const run = async (): Promise<void> => {
      for await (const batch of bus.consume({ topic, group: 'crew', signal: stopper.signal })) {
        messages.push(...batch.items)
        await sleep(1)
        await batch.commit()
      }
    }
    const running = run()
    onTestFinished(async () => {
      stopper.abort()
      await running
    })
    return { messages }
  }

  const numbered = (first: number, count: number): readonly Message[] =>
    Array.from({ length: count }, (_, index) => ({
      id: `m-${first + index}`,
      key: `key-${(first + index) % 40}`,
      body: Buffer.from(`${first + index} ${'x'.repeat(500)}`),
    }))

  it('killed with SIGKILL in the middle of batches it loses nothing that was confirmed, and all goes on by itself', {
    timeout: 4 * startMs,
  }, async () => {
    const bus = withBus()
    const { messages } = reading(bus, 'killed')
    let [confirmed, isOver] = [0, false]
    const publishing = (async () => {
      while (!isOver) {
        await bus.publish('killed', numbered(confirmed, 200))
        confirmed += 200
      }
    })()
    for (let kill = 0; kill < 3; kill += 1) {
      const before = confirmed
      await expect.poll(() => confirmed, { timeout: startMs }).toBeGreaterThan(before + 2000)
      await set.kill('rabbitmq', 'SIGKILL')
      expect(await bus.check()).toMatchObject({ ok: false })
      await set.up(['rabbitmq'])
    }
    const before = confirmed
    await expect.poll(() => confirmed, { timeout: startMs }).toBeGreaterThan(before + 2000)
    isOver = true
    await publishing
    const seen = () => new Set(messages.map(({ id }) => id)).size
    await expect.poll(seen, { timeout: startMs }).toBe(confirmed)
    // One reader that lived through it all: repetitions were left out, and keys kept their order.
    expect(messages).toHaveLength(confirmed)
    const last = new Map<string, number>()
    for (const { key, body } of messages) {
      const number = Number(Buffer.from(body).toString().split(' ')[0])
      expect(number).toBeGreaterThan(last.get(key) ?? -1)
      last.set(key, number)
    }
    expect(await bus.check()).toEqual({ ok: true })
  })

  it.skipIf(!existsSync(control))(
    'with a full disk it takes nothing: publishing waits up to its deadline and says why, and goes on when there is room',
    { timeout: 2 * startMs },
    async () => {
      const bus = withBus({ deliveryTimeoutMs: 1500, connectTimeoutMs: 1000 })
      const { messages } = reading(bus, 'full')
      await bus.publish('full', numbered(0, 10))
      await expect.poll(() => messages.length, { timeout: 20_000 }).toBe(10)
      const epmd = Number(new URL(url).port) + 3
      const rabbitmqctl = (...args: readonly string[]) =>
        promisify(execFile)(control, ['-n', 'andon@localhost', '-q', ...args], {
          env: { ...process.env, HOME: join(folder, 'rabbitmq'), ERL_EPMD_PORT: String(epmd) },
        })
      await rabbitmqctl('set_disk_free_limit', '100000GB')
      onTestFinished(async () => {
        await rabbitmqctl('set_disk_free_limit', '50MB')
      })
      await expect(bus.publish('full', numbered(10, 10))).rejects.toMatchObject({
        code: 'BUS_FAILED',
        retryable: true,
        message: expect.stringMatching(
          /not confirmed within 1500 ms: .*takes nothing at present: low on disk/,
        ),
      })
      expect(await bus.check()).toMatchObject({ ok: false, detail: expect.stringContaining('low on disk') })
      await rabbitmqctl('set_disk_free_limit', '50MB')
      await expect.poll(async () => (await bus.check()).ok, { timeout: 20_000 }).toBe(true)
      await bus.publish('full', numbered(10, 10))
      await expect.poll(() => messages.length, { timeout: 20_000 }).toBe(20)
    },
  )

  it('over TLS it trusts the certificate that it is told to trust, and says what to check when it cannot', async ({
    skip,
  }) => {
    if (tls === undefined) return skip('this RabbitMQ has no TLS')
    const trusted = withBus({ url: tls.url, tls: { ca: readFileSync(tls.ca) } })
    await trusted.publish('sealed', numbered(0, 5))
    expect(await trusted.check()).toEqual({ ok: true })
    const strange = withBus({ url: tls.url })
    await expect(strange.publish('sealed', numbered(0, 5))).rejects.toMatchObject({
      code: 'BUS_FAILED',
      retryable: false,
      message: expect.stringContaining('check tls.ca'),
    })
  })
})
