import { inspect } from 'node:util'
import { isAndonError } from '@andon/core/errors'
import { describe, expect, it } from 'vitest'
import { type MesOperations, MesRefusal, type MesSchemas, mes } from '../src/index.js'
import { actionOf, contextOf } from './support/given.js'

/** A vendor's system with nothing but holds of lots, and a comment in which the action id stands. */
class OldMes implements MesOperations {
  readonly #holds = new Map<string, { readonly lot: string; readonly comment: string }>()
  fails: Error | undefined

  async getAction({
    actionId,
  }: {
    readonly actionId: string
  }): Promise<MesSchemas['ActionRecord'] | undefined> {
    const hold = this.#holds.get(actionId)
    if (hold === undefined) return undefined
    const result = { reference: `H-${actionId}`, lot: { lot: hold.lot, held: true } }
    return { actionId, operation: 'holdLot', reference: `H-${actionId}`, at: '2026-03-01T00:00:00Z', result }
  }

  async holdLot(
    { lot, reason }: MesSchemas['LotHold'] & { readonly lot: string },
    { actionId }: { readonly actionId: string },
  ): Promise<MesSchemas['LotAnswer']> {
    if (this.fails !== undefined) throw this.fails
    this.#holds.set(actionId, { lot, comment: `${reason} [${actionId}]` })
    return { reference: `H-${actionId}`, lot: { lot, held: true } }
  }

  get count(): number {
    return this.#holds.size
  }
}

const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('an adapter', () => {
  it('makes possible what it has operations for, and no more', async () => {
    const target = mes({ adapter: { operations: new OldMes() } })
    expect(target.handles).toEqual(['material.hold'])
    expect([target.observe, target.trace]).toEqual([undefined, undefined])
    expect(target.capabilities).toMatchObject({ readBack: false, trace: false })
    expect(await target.check()).toEqual({ ok: true })
    await target.close()
  })

  it('holds a lot, and finds it again by the action id', async () => {
    const operations = new OldMes()
    const target = mes({ name: 'old-mes', adapter: { operations } })
    const action = actionOf('material.hold', 1)
    expect(await target.lookUp(action, contextOf())).toBeUndefined()
    const receipt = await target.execute(action, contextOf())
    expect(receipt).toMatchObject({ proof: { batch: 'C-1', held: true, confirmed: true } })
    expect(await target.execute(action, contextOf(2))).toMatchObject({
      ...{ reference: receipt.reference, alreadyDone: true },
    })
    expect(operations.count).toBe(1)
  })

  it('that cannot release is refused a reversal, and units', async () => {
    const target = mes({ adapter: { operations: new OldMes() } })
    const action = actionOf('material.hold', 1)
    const receipt = await target.execute(action, contextOf())
    expect(await failure(target.revert(action, receipt, contextOf()))).toMatchObject({
      ...{ code: 'TARGET_REFUSED', message: expect.stringContaining('no releaseLot') },
    })
    const units = actionOf('material.hold', 2, { params: { serials: ['U-1'], reason: 'x' } })
    expect(isAndonError(await failure(target.execute(units, contextOf())), 'TARGET_REFUSED')).toBe(true)
  })

  it('says no by a refusal; anything else that it throws is an unknown outcome, told without what it carries', async () => {
    const operations = new OldMes()
    const target = mes({ adapter: { operations } })
    const action = actionOf('material.hold', 1)
    operations.fails = new MesRefusal('unknown', 'there is no lot C-1')
    expect(await failure(target.execute(action, contextOf()))).toMatchObject({
      ...{ code: 'TARGET_REFUSED', message: expect.stringContaining('there is no lot C-1') },
    })
    operations.fails = Object.assign(new Error('socket hang up'), {
      config: { headers: 'Bearer geheim-0815' },
    })
    const unknown = await failure(target.execute(action, contextOf()))
    expect(unknown).toMatchObject({ code: 'TARGET_UNAVAILABLE', retryable: true })
    expect(inspect(unknown, { depth: 12, showHidden: true })).not.toContain('geheim-0815')
  })

  it('is told by its name what is wrong with it', () => {
    const problem = (create: () => unknown): unknown => {
      try {
        return create()
      } catch (error) {
        return error
      }
    }
    const operations = new OldMes()
    expect(problem(() => mes({ adapter: { operations: {} as MesOperations } }))).toMatchObject({
      details: { option: 'mes.adapter' },
    })
    const readsOnly = { getAction: async () => undefined }
    expect(problem(() => mes({ adapter: { operations: readsOnly } }))).toMatchObject({
      details: { option: 'mes.adapter', problem: expect.stringContaining('no operation') },
    })
    expect(problem(() => mes({ adapter: { operations }, kinds: ['notify'] }))).toMatchObject({
      details: { option: 'mes.kinds', problem: expect.stringContaining('notify') },
    })
  })

  it('may have a health and an end of its own', async () => {
    let closed = 0
    const adapter = {
      operations: new OldMes(),
      check: async () => ({ ok: false, detail: 'in maintenance' }),
      close: async () => {
        closed += 1
      },
    }
    const target = mes({ adapter })
    expect(await target.check()).toEqual({ ok: false, detail: 'in maintenance' })
    await target.close()
    expect(closed).toBe(1)
  })
})
