import type { Store, StoreTransaction } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { postgresStore } from '@andon/store-postgres'
import { sampleAction, sampleSignal, seededRandom } from '@andon/testkit'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { freshSchema } from './support/schemas.js'

describeWith('several workers on one PostgreSQL store', servers.postgres, ({ url }) => {
  let schema = freshSchema(url)
  beforeEach(() => {
    schema = freshSchema(url)
  })
  afterEach(() => schema.drop())

  it('that take signals in opposite orders: one is told to try again, and nothing is lost', async () => {
    const store = await schema.open()
    await store.transaction((transaction) => transaction.putSignals([sampleSignal(0), sampleSignal(1)]))
    // Each has its first signal before either asks for its second.
    const met = Promise.withResolvers<void>()
    let arrived = 0
    const raiseBoth = (ids: readonly string[]): Promise<void> =>
      store.transaction(async (transaction) => {
        for (const id of ids) {
          const signal = await transaction.getSignal(id)
          arrived += 1
          if (arrived >= 2) met.resolve()
          await met.promise
          if (signal !== undefined) await transaction.putSignals([{ ...signal, firings: signal.firings + 1 }])
        }
      })
    const stubborn = async (ids: readonly string[]): Promise<number> => {
      for (let tries = 1; ; tries++) {
        try {
          await raiseBoth(ids)
          return tries
        } catch (error) {
          if (!isAndonError(error, 'STORE_FAILED') || !error.retryable) throw error
        }
      }
    }
    const tries = await Promise.all([stubborn(['signal-0', 'signal-1']), stubborn(['signal-1', 'signal-0'])])
    expect(tries.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(2)
    expect((await store.signals.get('signal-0'))?.firings).toBe(3)
    expect((await store.signals.get('signal-1'))?.firings).toBe(3)
  })

  it('what a work still does after its claim was lost, or after it failed, is written nowhere', async () => {
    const store = await schema.open({ connections: 1 })
    const lost = await store.shared?.claim({ name: 'lane', owner: 'a', ttlMs: 60_000, from: 'free' })
    await store.shared?.claim({ name: 'lane', owner: 'b', ttlMs: 60_000, from: 'any' })
    if (lost === undefined) throw new Error('no claim')
    const late: Promise<unknown>[] = []
    const later = async (transaction: StoreTransaction): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      await transaction.keep('late', { by: 'a work that was over' })
    }
    const claimed = store.shared?.claimed(lost, async (transaction) => {
      late.push(later(transaction))
      await transaction.getSignal('signal-0')
    })
    await expect(claimed).rejects.toMatchObject({ code: 'CLAIM_LOST' })
    const failing = store.transaction(async (transaction) => {
      late.push(later(transaction))
      throw new RangeError('broken on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    expect((await Promise.allSettled(late)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await store.kept('late')).toBeUndefined()
  })

  it('a lost claim is told as that, whatever failed behind it', async () => {
    const store = await schema.open()
    const impatient = await schema.open({ lockTimeoutMs: 50 })
    const lost = await store.shared?.claim({ name: 'lane', owner: 'a', ttlMs: 60_000, from: 'free' })
    await store.shared?.claim({ name: 'lane', owner: 'b', ttlMs: 60_000, from: 'any' })
    if (lost === undefined) throw new Error('no claim')
    await store.transaction(async (transaction) => {
      await transaction.kept('wanted by both')
      const claimed = impatient.shared?.claimed(lost, (other) => other.kept('wanted by both'))
      await expect(claimed).rejects.toMatchObject({ code: 'CLAIM_LOST' })
      const unclaimed = impatient.transaction((other) => other.kept('wanted by both'))
      await expect(unclaimed).rejects.toMatchObject({ code: 'STORE_FAILED' })
    })
  })

  it('that fence each other: of all they write, every line is the claim’s owner’s of its time', async () => {
    const random = seededRandom(11)
    const stores = await Promise.all([0, 1, 2].map(() => schema.open({ connections: 2 })))
    const work = async (store: Store, owner: string): Promise<void> => {
      for (let turn = 0; turn < 8; turn++) {
        const claim = await store.shared?.claim({ name: 'lane', owner, ttlMs: 60_000, from: 'any' })
        if (claim === undefined) continue
        for (let write = 0; write < 3; write++) {
          try {
            await store.shared?.claimed(claim, async (transaction) => {
              const before = (await transaction.kept('epoch')) ?? {}
              await new Promise((resolve) => setTimeout(resolve, random() * 4))
              await transaction.keep('epoch', { epochs: [...epochsIn(before), claim.epoch] })
            })
          } catch (error) {
            if (!isAndonError(error, 'CLAIM_LOST')) throw error
            break
          }
        }
      }
    }
    await Promise.all(stores.map((store, index) => work(store, `worker-${index}`)))
    const epochs = epochsIn((await stores[0]?.kept('epoch')) ?? {})
    expect(epochs.length).toBeGreaterThan(5)
    // Who was fenced never wrote after its successor.
    expect(epochs).toEqual([...epochs].sort((left, right) => left - right))
  })

  it('each of which has a tenant: no line of one is in a list or a chain of another', async () => {
    const store = await schema.open()
    await Promise.all(
      ['north', 'south', 'east'].map((tenant, index) =>
        store.transaction(async (transaction) => {
          await transaction.putSignals([sampleSignal(index, { tenant })])
          await transaction.addActions([sampleAction(index, { tenant })])
          await transaction.appendAudit([0, 1].map((at) => ({ tenant, at, what: 'x', data: { tenant } })))
        }),
      ),
    )
    for (const tenant of ['north', 'south', 'east']) {
      expect((await store.signals.list({ tenant })).map((one) => one.tenant)).toEqual([tenant])
      expect((await store.actions.list({ tenant })).map((one) => one.tenant)).toEqual([tenant])
      const lines = await store.audit.read(tenant, 1, 10)
      expect(lines.map(({ text }) => JSON.parse(text).data.tenant)).toEqual([tenant, tenant])
    }
  })

  it('whose transactions read from the store meanwhile do not wait for each other’s connections', async () => {
    const store = await schema.open({ connections: 1 })
    await store.transaction(async (transaction) => {
      await transaction.setCheckpoint('a', 1)
      expect(await store.checkpoint('a')).toBe(0)
      expect(await store.journal.find('unknown')).toBeUndefined()
    })
  })

  it('get a password anew for each connection, and a wrong one is not worth a second try', async () => {
    const password = new URL(url).password
    let asked = 0
    const store = await schema.open({
      password: async () => {
        asked++
        return decodeURIComponent(password)
      },
    })
    expect(await store.journal.appendTick(1)).toBe(1)
    expect(asked).toBeGreaterThan(1)
    const other = postgresStore({ url, schema: schema.schema, password: 'quite another one' })
    await expect(other.open()).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: false })
  })

  it('wait for a lock no longer than they are told to', async () => {
    const store = await schema.open({ lockTimeoutMs: 100 })
    await store.transaction((transaction) => transaction.putSignals([sampleSignal(0)]))
    const client = new Client({ connectionString: url })
    await client.connect()
    await client.query('BEGIN')
    await client.query(`SELECT 1 FROM ${schema.schema}.signals FOR UPDATE`)
    await expect(store.transaction((transaction) => transaction.getSignal('signal-0'))).rejects.toMatchObject(
      {
        ...{ code: 'STORE_FAILED', retryable: true, message: expect.stringContaining('55P03') },
      },
    )
    await client.end()
  })
})

const epochsIn = (value: { readonly epochs?: unknown }): readonly number[] =>
  Array.isArray(value.epochs) ? value.epochs.map(Number) : []
