import { silentLogger } from '@andon/core/connector'
import { afterEach, describe, expect, it } from 'vitest'
import { contextOf, dmAction, opened, richFloor } from './dm-floor.js'

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

const stockFloor = (comments = '', status: 'UNRESTRICTED' | 'QUALITY_INSPECTION' = 'UNRESTRICTED') =>
  richFloor({
    stocks: [
      { inventoryId: 'INV-1', material: 'MAT-FAN', batchNumber: 'LOT-1', comments, status },
      { inventoryId: 'INV-2', material: 'MAT-FAN', batchNumber: 'LOT-1' },
      { inventoryId: 'INV-3', material: 'MAT-PUMP', batchNumber: 'LOT-1' },
    ],
  })

async function given(...options: Parameters<typeof opened>) {
  const it = await opened(...options)
  close = async () => {
    await it.target.close()
    await it.dm.close()
  }
  const statuses = () => it.dm.state().stocks.map(({ status }) => status)
  return { ...it, statuses }
}

const hold = (id: string, more: object = {}) =>
  dmAction('material.hold', 1, { id, params: { batch: 'LOT-1', reason: 'fans fail', ...more } })

describe('the stock of a lot', () => {
  it('is blocked wherever it lies, and goes on where an answer was lost', async () => {
    const { dm, target, statuses } = await given({ floor: stockFloor() })
    dm.faults.next('cut-after', { method: 'PATCH', path: 'INV-2' })
    await expect(target.execute(hold('a_1'), contextOf())).rejects.toMatchObject({ retryable: true })
    expect(statuses()).toEqual(['BLOCKED', 'BLOCKED', 'UNRESTRICTED'])
    const receipt = await target.execute(hold('a_1'), contextOf(2))
    expect(receipt).toMatchObject({ reference: 'INV-1', proof: { confirmed: true } })
    expect(statuses()).toEqual(['BLOCKED', 'BLOCKED', 'BLOCKED'])
    const changes = dm.state().changes.map(({ object }) => object)
    expect(changes).toEqual(['INV-1', 'INV-2', 'INV-3'])
  })

  it('cannot be built in while it is blocked', async () => {
    const { dm, target } = await given({ floor: stockFloor() })
    const piece = {
      ...{ sfc: 'U-1A', component: 'MAT-FAN', componentVersion: 'A', quantity: 1, resource: 'LINE-1' },
      ...{ operationActivity: 'ASSEMBLE', dataFields: [{ fieldName: 'BATCH_NUMBER', fieldValue: 'LOT-1' }] },
    }
    const buildIn = () =>
      dm.byHand('POST', '/assembly/v1/assembledComponents', { plant: 'P001', ...piece }).status
    expect(buildIn()).toBe(200)
    const receipt = await target.execute(hold('a_1'), contextOf())
    expect(buildIn()).toBe(400)
    await target.revert(hold('a_1'), receipt, contextOf())
    expect(buildIn()).toBe(200)
  })

  it('is that of one component where its material is known', async () => {
    const { target, statuses } = await given(
      { floor: stockFloor() },
      { stock: { materials: { fan: 'MAT-FAN' } } },
    )
    await target.execute(hold('a_1', { component: 'fan' }), contextOf())
    expect(statuses()).toEqual(['BLOCKED', 'BLOCKED', 'UNRESTRICTED'])
  })

  it('gets back the status that it had', async () => {
    const { target, statuses } = await given({ floor: stockFloor('', 'QUALITY_INSPECTION') })
    const receipt = await target.execute(hold('a_1'), contextOf())
    await target.revert(hold('a_1'), receipt, contextOf())
    expect(statuses()).toEqual(['QUALITY_INSPECTION', 'UNRESTRICTED', 'UNRESTRICTED'])
  })

  it.each([
    ['in the order in which they came', ['a_1', 'a_2']],
    ['the other way round', ['a_2', 'a_1']],
  ])('is free only when the last of two holds is taken back: %s', async (_, order) => {
    const { target, statuses } = await given({ floor: stockFloor() })
    const receipt = await target.execute(hold('a_1'), contextOf())
    await target.execute(hold('a_2'), contextOf())
    const seen = []
    for (const id of order) {
      await target.revert(hold(id), receipt, contextOf())
      seen.push(statuses()[0])
    }
    expect(seen).toEqual(['BLOCKED', 'UNRESTRICTED'])
  })

  it('keeps a status that people have given it since', async () => {
    const { dm, target, statuses } = await given({ floor: stockFloor() })
    const receipt = await target.execute(hold('a_1'), contextOf())
    const released = dmAction('material.release', 1, {
      id: 'a_9',
      params: { batch: 'LOT-1', reason: 'good' },
    })
    await target.execute(released, contextOf())
    const before = dm.state().changes.length
    await target.revert(hold('a_1'), receipt, contextOf())
    expect(statuses()).toEqual(['UNRESTRICTED', 'UNRESTRICTED', 'UNRESTRICTED'])
    expect(
      dm
        .state()
        .changes.slice(before)
        .every(({ from, to }) => from === to),
    ).toBe(true)
  })

  it('is read and decided again when somebody else changes it in between, four times at most', async () => {
    const { dm, target, statuses } = await given({ floor: stockFloor() })
    for (let times = 0; times < 3; times += 1)
      dm.faults.next('etag-stale', { method: 'PATCH', path: 'INV-1' })
    await target.execute(hold('a_1'), contextOf())
    expect(statuses()).toEqual(['BLOCKED', 'BLOCKED', 'BLOCKED'])
    for (let times = 0; times < 4; times += 1) dm.faults.next('409', { method: 'PATCH', path: 'INV-1' })
    await expect(target.execute(hold('a_2'), contextOf())).rejects.toMatchObject({
      code: 'TARGET_UNAVAILABLE',
      retryable: true,
    })
  })

  it('is not touched where any of it comes from the ERP', async () => {
    const floor = richFloor({
      stocks: [
        { inventoryId: 'INV-1', material: 'MAT-FAN', batchNumber: 'LOT-1' },
        { inventoryId: 'INV-2', material: 'MAT-FAN', batchNumber: 'LOT-1', origin: 'ERP' },
      ],
    })
    const { dm, target } = await given({ floor })
    await expect(target.execute(hold('a_1'), contextOf())).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
      text: { en: expect.stringContaining('INV-2 (ERP)'), zh: expect.stringContaining('INV-2 (ERP)') },
    })
    expect(dm.state().changes).toEqual([])
  })

  it('is changed wholly or not at all when DM refuses a part of it', async () => {
    const { dm, target, statuses } = await given({ floor: stockFloor() })
    dm.faults.next('403', { method: 'PATCH', path: 'INV-2' })
    await expect(target.execute(hold('a_1'), contextOf())).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
      details: { status: 403, sapCode: 'http.403' },
    })
    expect(statuses()).toEqual(['UNRESTRICTED', 'UNRESTRICTED', 'UNRESTRICTED'])
    expect(dm.state().stocks.map(({ comments }) => comments)).toEqual(['', '', ''])
    // Asked once more by a person who has got the right.
    await target.execute(hold('a_1'), contextOf(2))
    expect(statuses()).toEqual(['BLOCKED', 'BLOCKED', 'BLOCKED'])
  })

  it('is refused where there is none', async () => {
    const { target } = await given()
    const action = dmAction('material.hold', 1, { params: { batch: 'NOBODYS', reason: 'x' } })
    await expect(target.execute(action, contextOf())).rejects.toMatchObject({ code: 'TARGET_REFUSED' })
  })
})

describe('the comments of a stock', () => {
  it('keep what people have written, before and after', async () => {
    const { dm, target } = await given({ floor: stockFloor('counted on Monday\nby Li Na') })
    const comments = () => dm.state().stocks[0]?.comments ?? ''
    const receipt = await target.execute(hold('a_1'), contextOf())
    expect(comments()).toContain('[andon hold andon:a_1 from UNRESTRICTED, anew]')
    expect(comments()).toContain('counted on Monday\nby Li Na')
    await target.revert(hold('a_1'), receipt, contextOf())
    expect(comments()).toBe(
      '[andon hold andon:a_1 from UNRESTRICTED, anew, reverted]\ncounted on Monday\nby Li Na',
    )
  })

  it('say how much of the words did not fit, and so do the receipt and the log', async () => {
    const { dm, target } = await given({ floor: stockFloor() })
    const action = hold('a_1')
    const [quote] = action.quotes
    if (quote === undefined) expect.fail('no quote')
    const warned: object[] = []
    const logger = { ...silentLogger, warn: (details: object) => warned.push(details) }
    const wordy = { ...action, quotes: [{ ...quote, text: '冷藏室不冷 '.repeat(300) }] }
    const receipt = await target.execute(wordy, contextOf(1, { logger }))
    const comments = dm.state().stocks[0]?.comments ?? ''
    expect(comments.length).toBeLessThanOrEqual(1_000)
    expect(comments).toMatch(/… \d+ more characters: with this action in Andon/)
    expect(receipt.proof?.wordsLeftOut).toBeGreaterThan(0)
    expect(warned).toEqual([{ action: 'a_1', characters: receipt.proof?.wordsLeftOut }])
    // What was shortened is still found by its mark.
    expect((await target.execute(wordy, contextOf(2))).alreadyDone).toBe(true)
  })

  it('are not overwritten when they are full', async () => {
    const { dm, target } = await given({ floor: stockFloor('x'.repeat(990)) })
    await expect(target.execute(hold('a_1'), contextOf())).rejects.toMatchObject({ code: 'TARGET_REFUSED' })
    expect(dm.state().changes).toEqual([])
  })
})
