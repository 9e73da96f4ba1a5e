import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { contextOf, dmAction, opened, richFloor } from './dm-floor.js'

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

async function given(...options: Parameters<typeof opened>) {
  const it = await opened(...options)
  close = async () => {
    await it.target.close()
    await it.dm.close()
  }
  const status = (sfc: string) => it.dm.state().sfcs.find((unit) => unit.sfc === sfc)?.status
  return { ...it, status }
}

const hold = (id: string, ...serials: string[]) =>
  dmAction('material.hold of units', 1, { id, params: { serials, reason: 'fans fail' } })
const release = (id: string, ...serials: string[]) =>
  dmAction('material.release of units', 1, { id, params: { serials, reason: 'fans are good' } })

const complete = { operation: 'ASSEMBLE', resource: 'LINE-1' }

describe('units on hold', () => {
  it('cannot be finished, and can be when they are released', async () => {
    const { dm, target } = await given()
    const action = hold('a_1', 'U-1A')
    const receipt = await target.execute(action, contextOf())
    expect(
      dm.byHand('POST', '/sfc/v1/sfcs/complete', { plant: 'P001', ...complete, sfcs: ['U-1A'] }).status,
    ).toBe(400)
    await target.revert(action, receipt, contextOf())
    expect(
      dm.byHand('POST', '/sfc/v1/sfcs/complete', { plant: 'P001', ...complete, sfcs: ['U-1A'] }).status,
    ).toBe(200)
  })

  it('stay on hold after a reversal when they were on hold before', async () => {
    const { target, status } = await given()
    const action = hold('a_1', 'H-1', 'U-1A')
    const receipt = await target.execute(action, contextOf())
    expect(receipt.proof).toMatchObject({ units: 2, held: 2, confirmed: true })
    await target.revert(action, receipt, contextOf())
    expect([status('H-1'), status('U-1A')]).toEqual(['HOLD', 'IN_QUEUE'])
  })

  it.each([
    ['in the order in which they came', [0, 1]],
    ['the other way round', [1, 0]],
  ])('are free only when the last of two holds is taken back: %s', async (_, order) => {
    const { target, status } = await given()
    const actions = [hold('a_1', 'U-1A'), hold('a_2', 'U-1A')]
    const receipts = []
    for (const action of actions) receipts.push(await target.execute(action, contextOf()))
    const seen = []
    for (const index of order) {
      const [action, receipt] = [actions[index], receipts[index]]
      if (action === undefined || receipt === undefined) expect.fail('no such hold')
      await target.revert(action, receipt, contextOf())
      seen.push(status('U-1A'))
    }
    expect(seen).toEqual(['HOLD', 'IN_QUEUE'])
  })

  it.each([
    ['after each other', false],
    ['at once', true],
  ])('stay on hold while one of two holds stands that came between its tries: %s', async (_, atOnce) => {
    const { dm, target, status } = await given()
    const [one, other] = [hold('a_1', 'U-1A'), hold('a_2', 'U-1A')]
    dm.faults.next('503', { path: '/sfc/v1/sfcs/hold' })
    const failed = target.execute(one, contextOf()).catch((thrown: unknown) => thrown)
    if (!atOnce) await failed
    const receipt = await target.execute(other, contextOf())
    expect(await failed).toMatchObject({ retryable: true })
    const second = await target.execute(one, contextOf(2))
    await target.revert(other, receipt, contextOf())
    expect(status('U-1A')).toBe('HOLD')
    await target.revert(one, second, contextOf())
    expect(status('U-1A')).toBe('IN_QUEUE')
  })

  it('are released by a reversal, too, when the record of the hold came through twice', async () => {
    const { dm, target, status } = await given()
    const action = hold('a_1', 'U-1A')
    const receipt = await target.execute(action, contextOf())
    const { text } =
      dm.requests.find(({ target: path }) => path === '/nonconformance/v1/log') ?? expect.fail('not logged')
    // Long after nobody waited for it.
    expect(dm.byHand('POST', '/nonconformance/v1/log', JSON.parse(text)).status).toBe(200)
    expect(await target.lookUp(action, contextOf())).toMatchObject({ reference: receipt.reference })
    await target.revert(action, receipt, contextOf())
    expect(status('U-1A')).toBe('IN_QUEUE')
    expect(dm.state().nonconformances.map(({ state }) => state)).toEqual(['CLOSED', 'CLOSED'])
  })

  it('are released whoever held them, and on hold again when the release is taken back', async () => {
    const { target, status } = await given()
    const held = hold('a_1', 'U-1A')
    const first = await target.execute(held, contextOf())
    const released = release('a_2', 'U-1A', 'H-1', 'U-2A')
    const receipt = await target.execute(released, contextOf())
    expect([status('U-1A'), status('H-1')]).toEqual(['IN_QUEUE', 'IN_QUEUE'])
    await target.revert(released, receipt, contextOf())
    expect([status('U-1A'), status('H-1'), status('U-2A')]).toEqual(['HOLD', 'HOLD', 'IN_QUEUE'])
    await target.revert(held, first, contextOf())
    expect(status('U-1A')).toBe('IN_QUEUE')
  })

  it('are released by a reversal although somebody has closed the nonconformance in DM', async () => {
    const { dm, target, status } = await given()
    const action = hold('a_1', 'U-1A')
    const receipt = await target.execute(action, contextOf())
    const [nonconformance] = dm.state().nonconformances
    dm.byHand('POST', '/nonconformance/v1/close', {
      plant: 'P001',
      id: nonconformance?.id,
      comments: 'looked at',
    })
    await target.revert(action, receipt, contextOf())
    expect(status('U-1A')).toBe('IN_QUEUE')
  })

  it('are refused with the words of the older services, and nothing of it stands', async () => {
    const { dm, target, status } = await given({ faults: { slowMs: 60 } })
    // One of them is finished between the questions and the hold.
    dm.faults.next('slow', { path: '/sfc/v1/sfcs/hold' })
    const attempt = target
      .execute(hold('a_1', 'U-1A', 'U-1B'), contextOf())
      .catch((thrown: unknown) => thrown)
    while (!dm.requests.some(({ target: path }) => path === '/sfc/v1/sfcs/hold')) await setImmediate()
    dm.byHand('POST', '/sfc/v1/sfcs/complete', { plant: 'P001', ...complete, sfcs: ['U-1B'] })
    expect(await attempt).toMatchObject({
      code: 'TARGET_REFUSED',
      details: { status: 400, sapCode: '16001', sapText: expect.stringContaining('SFC U-1B is DONE') },
    })
    expect(dm.state().nonconformances.map(({ state }) => state)).toEqual(['CLOSED', 'CLOSED'])
    expect([status('U-1A'), status('U-1B')]).toEqual(['IN_QUEUE', 'DONE'])
  })

  it('may be asked for again by a person after a refusal', async () => {
    const { dm, target, status } = await given()
    dm.faults.next('403', { path: '/sfc/v1/sfcs/hold' })
    await expect(target.execute(hold('a_1', 'U-1A'), contextOf())).rejects.toMatchObject({
      details: { status: 403, sapText: expect.stringContaining('Access denied') },
    })
    await target.execute(hold('a_1', 'U-1A'), contextOf(2))
    expect(status('U-1A')).toBe('HOLD')
  })

  it('are not touched when one of them is not known', async () => {
    const { dm, target } = await given()
    const error = await target
      .execute(hold('a_1', 'U-1A', 'U-NOBODY'), contextOf())
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'TARGET_REFUSED', text: { zh: expect.stringContaining('U-NOBODY') } })
    expect(dm.state().changes).toEqual([])
  })

  it('are not released where DM does not log a nonconformance for what is on hold', async () => {
    const { dm, target, status } = await given({ floor: richFloor({ nonconformancesOnHold: false }) })
    const error = await target.execute(release('a_1', 'H-1'), contextOf()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'TARGET_REFUSED', details: { sapCode: 'sfc.invalid.status' } })
    expect(status('H-1')).toBe('HOLD')
    expect(dm.state().changes).toEqual([])
  })

  it('are found by serial number where it is not the name of the SFC', async () => {
    const floor = richFloor({ sfcs: [{ sfc: 'SFC-1', serialNumber: 'KX500-000001' }] })
    const { dm, target } = await given({ floor }, { unitsBy: 'serial-number' })
    await target.execute(hold('a_1', 'KX500-000001'), contextOf())
    expect(dm.state().sfcs[0]?.status).toBe('HOLD')
    const [seen] = await target.observe([{ kind: 'unit', id: 'KX500-000001' }], contextOf())
    expect(seen).toEqual({ found: true, fields: { held: true, status: 'HOLD' } })
  })

  it('may be many: more than DM takes in one request', async () => {
    const names = Array.from({ length: 510 }, (_, index) => `N-${index}`)
    const floor = richFloor({ sfcs: names.map((sfc) => ({ sfc })) })
    const { dm, target } = await given({ floor }, { timeoutMs: 5_000 })
    const receipt = await target.execute(hold('a_1', ...names), contextOf())
    expect(receipt.proof).toMatchObject({ units: 510, held: 510, confirmed: true })
    const holds = dm.requests.filter(({ target: path }) => path === '/sfc/v1/sfcs/hold')
    expect(holds.map(({ text }) => Object(JSON.parse(text)).sfcs.length)).toEqual([500, 10])
  })
})

describe("the customers' words", () => {
  const long = 'Ärger mit dem Kühlen 冷藏室不冷 😡 '.repeat(70)

  it('go whole into the nonconformance: into its fields, or else all of them as a file', async () => {
    const { dm, target } = await given()
    const action = hold('a_1', 'U-1A')
    const [quote] = action.quotes
    if (quote === undefined) expect.fail('no quote')
    await target.execute({ ...action, quotes: [{ ...quote, text: long.slice(0, 1_500) }] }, contextOf())
    await target.execute({ ...hold('a_2', 'U-2A'), quotes: [{ ...quote, text: long }] }, contextOf())
    const [fits, overflows] = dm.state().nonconformances
    const words = (fits?.dataFields ?? []).filter(({ key }) => key.startsWith('ANDON_WORDS'))
    expect(words.map(({ value }) => value).join('')).toContain(long.slice(0, 1_500))
    expect(fits?.files).toEqual([])
    expect(overflows?.files[0]?.text).toContain(long)
    // No field ends in the middle of a character.
    expect(words.every(({ value }) => value.isWellFormed())).toBe(true)
  })

  it('of a reversal are shortened as well, and say where they are in full', async () => {
    const { dm, target } = await given()
    const action = hold('a_1', 'U-1A')
    const receipt = await target.execute(action, contextOf())
    const reversal = {
      ...{ cause: 'verification' as const, reason: '😀'.repeat(2_000), askedAt: 0 },
      ...{ needs: 0, signatures: [] },
    }
    await target.revert({ ...action, reversal }, receipt, contextOf())
    const comments = dm.state().nonconformances[0]?.comments ?? ''
    expect(comments.length).toBeLessThanOrEqual(2_048)
    expect(comments).toMatch(/^andon:a_1:revert\n.*\n… \d+ more characters: in the audit log of Andon$/s)
    expect(comments.isWellFormed()).toBe(true)
  })

  it('are shortened in the comment on the hold, which says where all of them are', async () => {
    const { dm, target } = await given()
    const action = hold('a_1', 'U-1A')
    const [quote] = action.quotes
    if (quote === undefined) expect.fail('no quote')
    await target.execute({ ...action, quotes: [{ ...quote, text: long }] }, contextOf())
    const comments = dm.state().sfcs.find(({ sfc }) => sfc === 'U-1A')?.hold?.comments ?? ''
    expect(comments.length).toBeLessThanOrEqual(2_048)
    expect(comments).toMatch(/… \d+ more characters: in the nonconformance of this unit$/)
    expect(comments.isWellFormed()).toBe(true)
  })
})
