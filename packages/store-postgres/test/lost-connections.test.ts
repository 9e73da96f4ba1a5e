import { once } from 'node:events'
import { createServer } from 'node:net'
import type { LaneItem } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { postgresStore } from '@andon/store-postgres'
import { sampleAction, sampleEntry, sampleSignal, sampleStart } from '@andon/testkit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { type CuttingProxy, proxyTo } from './support/proxy.js'
import { freshSchema, query } from './support/schemas.js'

describeWith('the PostgreSQL store, whose connections break', servers.postgres, ({ url }) => {
  let schema = freshSchema(url)
  let proxy: CuttingProxy
  beforeEach(async () => {
    schema = freshSchema(url)
    proxy = await proxyTo(url)
  })
  afterEach(async () => {
    proxy.onSent = () => 'pass'
    proxy.refuse = false
    await schema.drop()
    await proxy.close()
  })
  const open = () => schema.open({ url: proxy.url, connectTimeoutMs: 2000, doubtTimeoutMs: 5000 })

  it('tells of a commit whose answer was lost that it was made', async () => {
    const store = await open()
    proxy.onSent = (bytes) => (bytes.includes('COMMIT') ? 'cut after' : 'pass')
    const result = await store.transaction(async (transaction) => {
      await transaction.putSignals([sampleSignal(0)])
      return 'done'
    })
    expect(result).toBe('done')
    proxy.onSent = () => 'pass'
    expect(await store.signals.get('signal-0')).toEqual(sampleSignal(0))
  })

  it('tells of a commit that never reached the server that it was not made, and may be tried again', async () => {
    const store = await open()
    proxy.onSent = (bytes) => (bytes.includes('COMMIT') ? 'cut before' : 'pass')
    const failure = store.transaction((transaction) => transaction.putSignals([sampleSignal(0)]))
    await expect(failure).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: true })
    proxy.onSent = () => 'pass'
    expect(await store.signals.get('signal-0')).toBeUndefined()
    await store.transaction((transaction) => transaction.putSignals([sampleSignal(0)]))
  })

  it('says so when nobody can know whether it was committed', async () => {
    const store = await schema.open({ url: proxy.url, connectTimeoutMs: 200, doubtTimeoutMs: 300 })
    proxy.onSent = (bytes) => {
      if (!bytes.includes('COMMIT')) return 'pass'
      proxy.refuse = true
      return 'cut after'
    }
    const error: unknown = await store
      .transaction((transaction) => transaction.putSignals([sampleSignal(0)]))
      .catch((problem: unknown) => problem)
    expect(isAndonError(error, 'STORE_FAILED') && error.details.problem).toMatch(/nobody knows/)
  })

  it('fails what was under way, and goes on by itself when the server is back', async () => {
    const store = await open()
    await store.transaction((transaction) => transaction.addActions([sampleAction(0)]))
    const failing = store.transaction(async (transaction) => {
      await transaction.getAction('action-0')
      proxy.refuse = true
      proxy.cut()
      await transaction.putActions([sampleAction(0, { status: 'dead' })])
    })
    await expect(failing).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: true })
    await expect(store.journal.appendTick(1)).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: true })
    expect((await store.check()).ok).toBe(false)
    proxy.refuse = false
    expect(await store.journal.appendTick(2)).toBe(1)
    expect((await store.check()).ok).toBe(true)
    expect(await store.actions.get('action-0')).toEqual(sampleAction(0))
  })

  it('listens again after a loss, and wakes whoever waits, for something may have changed', async () => {
    const store = await open()
    const other = await schema.open()
    const told: string[] = []
    store.shared?.onChange((changed) => told.push(changed))
    proxy.cut()
    await expect.poll(() => told).toContain('actions')
    told.length = 0
    await other.transaction((transaction) => transaction.putSignals([sampleSignal(0)]))
    await expect.poll(() => told).toContain('signals')
  })

  it('answers an append that is repeated because its answer was lost: a lane as before', async () => {
    const store = await open()
    const lane = store.shared?.lane('feedback/0')
    const items = [0, 1].map((position): LaneItem => {
      return { kind: 'feedback', position, at: sampleStart, entry: sampleEntry(position) }
    })
    proxy.onSent = (bytes) => (bytes.includes('message-0') || bytes.length > 2000 ? 'cut after' : 'pass')
    await expect(lane?.append({ items, quarantined: [] })).rejects.toMatchObject({ retryable: true })
    proxy.onSent = () => 'pass'
    expect(await lane?.append({ items, quarantined: [] })).toMatchObject([{ offset: 1 }, { offset: 2 }])
    expect(await lane?.last()).toMatchObject({ offset: 2 })
  })

  it('waits for a server that says nothing no longer than it is told to', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const store = postgresStore({ host: '127.0.0.1', port, connectTimeoutMs: 100 })
    await expect(store.open()).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: true })
    silent.close()
  })

  it('lets a transaction wait for a connection for longer than one may take to come up', async () => {
    const store = await schema.open({ connections: 1, connectTimeoutMs: 1000 })
    const works = [0, 1, 2, 3].map((index) =>
      store.transaction(async (transaction) => {
        await transaction.setCheckpoint('a', index)
        await new Promise((resolve) => setTimeout(resolve, 400))
      }),
    )
    await Promise.all(works)
    expect(await store.checkpoint('a')).toBe(3)
  })

  it('takes a session that the server ends for a lost connection', async () => {
    const store = await open()
    const failing = store.transaction(async (transaction) => {
      await transaction.getSignal('signal-0')
      await query(
        url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'andon postgres' AND state = 'idle in transaction' AND query LIKE '%${schema.schema}%'`,
      )
      await transaction.putSignals([sampleSignal(0)])
    })
    await expect(failing).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: true })
    expect(await store.signals.list()).toEqual([])
  })
})
