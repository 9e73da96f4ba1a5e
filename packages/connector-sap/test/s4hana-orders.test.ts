import assert from 'node:assert/strict'
import { isAndonError } from '@andon/core/errors'
import { sampleQuote, virtualClock } from '@andon/testkit'
import { afterEach, describe, it } from 'vitest'
import { actionOf, batchNumber, context, type Given, given, keptOf, orderNumber } from './support/s4-given.js'

let open: Given | undefined
afterEach(() => open?.close())

async function start(...args: Parameters<typeof given>): Promise<Given> {
  open = await given(...args)
  return open
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    assert.ok(isAndonError(error, 'TARGET_REFUSED'), `not TARGET_REFUSED: ${String(error)}`)
    return `${error.message}\n${error.describe('zh')}`
  }
  return assert.fail('it was not refused')
}

const clock = virtualClock('2026-03-01T08:00:00Z')
const day = (date: number): number => Date.UTC(2026, 2, date)
const order = ({ sap }: Given, number: string) =>
  sap.state().orders.find(({ ManufacturingOrder }) => ManufacturingOrder === number)
const first = (action: ReturnType<typeof actionOf>): string => String(action.params.order)

describe('the priority of an order', () => {
  const action = actionOf('schedule.prioritise', 1)
  const late = { order: orderNumber(1), material: 'FRIDGE', importance: '5', start: day(20), end: day(24) }

  it('moves an order that would start too late, keeps its length, and brings both back', async () => {
    const all = await start({ startWithinDays: { 1: 2 } }, { clock, orders: [late] })
    const receipt = await all.target.execute(action, context(1, { clock }))
    const moved = order(all, first(action))
    assert.deepEqual([moved?.MfgOrderPlannedStartDate, moved?.MfgOrderPlannedEndDate], [day(3), day(7)])
    await all.target.revert(action, receipt, context(1, { clock }))
    const back = order(all, first(action))
    assert.deepEqual(
      [back?.ManufacturingOrderImportance, back?.MfgOrderPlannedStartDate, back?.MfgOrderPlannedEndDate],
      ['5', day(20), day(24)],
    )
  })

  it('leaves the dates of a released order, for SAP would refuse it', async () => {
    const all = await start(
      { startWithinDays: { 1: 2 } },
      { clock, orders: [{ ...late, status: 'released' }] },
    )
    const receipt = await all.target.execute(action, context(1, { clock }))
    assert.deepEqual(
      [receipt.proof?.priority, receipt.proof?.status, receipt.proof?.confirmed],
      [1, 'released', true],
    )
    assert.equal(order(all, first(action))?.MfgOrderPlannedStartDate, day(20))
  })

  it('is not taken back when somebody else has set it since', async () => {
    const all = await start()
    const receipt = await all.target.execute(action, context())
    all.sap.change(
      'A_ProductionOrder_2',
      { ManufacturingOrder: first(action) },
      { ManufacturingOrderImportance: '3' },
    )
    assert.match(
      await refusal(all.target.revert(action, receipt, context())),
      /changed since by others.*3\.\n.*已被他人更改/,
    )
    assert.equal(order(all, first(action))?.ManufacturingOrderImportance, '3')
  })

  describe('that several actions want', () => {
    const want = (id: string, priority: number) =>
      actionOf('schedule.prioritise', 1, {
        id,
        params: { order: orderNumber(1), priority, reason: 'replacements' },
      })
    const stands = (all: Given) => order(all, orderNumber(1))?.ManufacturingOrderImportance
    const people = (all: Given, value: string) =>
      all.sap.change(
        'A_ProductionOrder_2',
        { ManufacturingOrder: orderNumber(1) },
        { ManufacturingOrderImportance: value },
      )

    it.each([
      { a: 1, b: 1, first: 'a', between: '1' },
      { a: 1, b: 1, first: 'b', between: '1' },
      { a: 1, b: 2, first: 'a', between: '2' },
      { a: 1, b: 2, first: 'b', between: '1' },
    ] as const)(
      'stays while one wants it, $a and $b, $first first; the last brings back 5',
      async (given) => {
        const all = await start()
        const actions = { a: want('a', given.a), b: want('b', given.b) }
        const receipts = {
          a: await all.target.execute(actions.a, context()),
          b: await all.target.execute(actions.b, context()),
        }
        const second = given.first === 'a' ? 'b' : 'a'
        const undone = await all.target.revert(actions[given.first], receipts[given.first], context())
        assert.equal(stands(all), given.between)
        assert.equal(undone.proof?.left, given.first === 'a' ? true : undefined)
        await all.another().revert(actions[second], receipts[second], context())
        assert.equal(stands(all), '5')
      },
    )

    it('comes to the first when both are taken back at the same time', async () => {
      const all = await start()
      const actions = [want('a', 1), want('b', 2)] as const
      const receipts = [
        await all.target.execute(actions[0], context()),
        await all.target.execute(actions[1], context()),
      ] as const
      await Promise.all([
        all.target.revert(actions[0], receipts[0], context()),
        all.another().revert(actions[1], receipts[1], context()),
      ])
      assert.equal(stands(all), '5')
    })

    it('is what people set, where they did in between', async () => {
      const all = await start()
      const a = await all.target.execute(want('a', 1), context())
      people(all, '7')
      const b = await all.target.execute(want('b', 2), context())
      assert.equal((await all.target.revert(want('a', 1), a, context())).proof?.left, true)
      assert.equal(stands(all), '2')
      await all.target.revert(want('b', 2), b, context())
      assert.equal(stands(all), '7')
    })

    it('does not count one that SAP refused', async () => {
      const all = await start()
      all.sap.faults.next('batch-change-refused')
      await refusal(all.target.execute(want('dead', 3), context()))
      const a = await all.target.execute(want('a', 1), context())
      all.sap.faults.next('403', { method: 'POST', path: '$batch' })
      await refusal(all.target.revert(want('a', 1), a, context()))
      const b = await all.target.execute(want('b', 2), context())
      await all.target.revert(want('b', 2), b, context())
      assert.equal(stands(all), '1', 'a was not taken back')
      await all.target.revert(want('a', 1), a, context(2))
      assert.equal(stands(all), '5')
    })

    it('goes by the receipt where somebody has changed the record', async () => {
      const all = await start()
      const receipt = await all.target.execute(want('a', 1), context())
      const [kept] = all.sap.state().notificationTexts
      assert.ok(kept !== undefined)
      all.sap.change('QltyNotificationLongText', kept, { QltyNotificationLongText: 'gone' })
      await all.target.revert(want('a', 1), receipt, context())
      assert.equal(stands(all), '5')
    })
  })

  it('leaves dates that people have set since', async () => {
    const all = await start({ startWithinDays: { 1: 2 } }, { clock, orders: [late] })
    const receipt = await all.target.execute(action, context(1, { clock }))
    all.sap.change(
      'A_ProductionOrder_2',
      { ManufacturingOrder: first(action) },
      { MfgOrderPlannedStartDate: day(5), MfgOrderPlannedEndDate: day(9) },
    )
    await all.target.revert(action, receipt, context(1, { clock }))
    const back = order(all, first(action))
    assert.deepEqual([back?.ManufacturingOrderImportance, back?.MfgOrderPlannedStartDate], ['5', day(5)])
  })

  it('is found done when the order was completed after a lost answer', async () => {
    const all = await start()
    all.sap.faults.next('cut-after', { method: 'POST', path: '$batch' })
    await assert.rejects(all.target.execute(action, context()), { retryable: true })
    all.sap.change(
      'A_ProductionOrder_2',
      { ManufacturingOrder: first(action) },
      { OrderIsTechnicallyCompleted: 'X' },
    )
    assert.equal((await all.target.execute(action, context(2))).alreadyDone, true)
  })

  it('is seen with the words of the options, and not at all where they have none for it', async () => {
    const importance = { 1: 'A', 2: 'B', 3: 'C', 4: 'D', 5: 'E', 6: 'F', 7: 'G', 8: 'H', 9: 'I' }
    const all = await start({ importance })
    const [seen, nobody] = await all.target.observe(
      [
        { kind: 'order', id: orderNumber(1) },
        { kind: 'parameter', equipment: 'IM-04', id: 'temperature' },
      ],
      context(),
    )
    assert.deepEqual(
      [seen, nobody],
      [
        { found: true, fields: { status: 'created' } },
        { found: false, fields: {} },
      ],
    )
  })

  it.each(['completed', 'closed', 'deleted'] as const)(
    'of an order that is %s is refused, and nothing is written down',
    async (status) => {
      const all = await start({}, { orders: [{ ...late, status }] })
      assert.match(await refusal(all.target.execute(action, context())), new RegExp(`is ${status}`))
      assert.equal(all.sap.state().notifications.length, 0)
    },
  )

  it("carries SAP's own words when SAP refuses it", async () => {
    const all = await start({}, { orders: [{ ...late, locked: true }] })
    assert.match(
      await refusal(all.target.execute(action, context())),
      /CO\/469, Order 1000001 is being processed by another user/,
    )
  })
})

describe('a rework order', () => {
  const action = actionOf('schedule.rework', 1)

  it('is for as much as its order, or as lies of its batch, unless a quantity is said', async () => {
    const all = await start()
    const quantities: unknown[] = []
    for (const [id, params] of Object.entries({
      order: { order: orderNumber(2) },
      batch: { batch: batchNumber(2) },
      said: { batch: batchNumber(2), quantity: 7 },
    })) {
      const receipt = await all.target.execute({ ...action, id, params }, context())
      quantities.push(Number(order(all, receipt.reference)?.TotalQuantity))
    }
    assert.deepEqual(quantities, [100, 120.5, 7])
  })

  it('is released where the options say so, once, and completed technically when taken back', async () => {
    const all = await start({ rework: { orderType: 'ZRW1', release: true } })
    all.sap.faults.next('cut-after', { method: 'POST', path: '/ReleaseOrder' })
    await assert.rejects(all.target.execute(action, context()), { retryable: true })
    const receipt = await all.target.execute(action, context(2))
    assert.equal(receipt.proof?.status, 'released')
    await all.target.revert(action, receipt, context())
    assert.equal(order(all, receipt.reference)?.OrderIsTechnicallyCompleted, 'X')
  })

  it.each(['403', '401'] as const)(
    'that SAP does not release, %s, has a receipt that says so, and is taken back by it',
    async (fault) => {
      const all = await start({ rework: { orderType: 'ZRW1', release: true } })
      const releasing = { method: 'POST', path: '/ReleaseOrder' }
      all.sap.faults.next(fault, releasing)
      // Credentials that are refused in a session are tried once more without it.
      if (fault === '401') all.sap.faults.next(fault, releasing)
      const receipt = await all.target.execute(action, context())
      assert.deepEqual([receipt.proof?.status, receipt.proof?.confirmed], ['created', false])
      assert.match(String(receipt.proof?.releaseRefused), new RegExp(`HTTP ${fault}`))
      assert.equal((await all.target.lookUp(action, context()))?.proof?.confirmed, false)
      await all.target.revert(action, receipt, context())
      assert.equal(order(all, receipt.reference)?.OrderIsDeleted, 'X')
    },
  )

  it('that is released and cannot be read then is not refused', async () => {
    const all = await start({ rework: { orderType: 'ZRW1', release: true } })
    const reading = { method: 'GET', path: "ManufacturingOrder eq '" }
    all.sap.faults.next('none', reading)
    all.sap.faults.next('403', reading)
    await assert.rejects(all.target.execute(action, context()), (error) =>
      isAndonError(error, 'TARGET_UNAVAILABLE'),
    )
    assert.equal(all.sap.faults.waiting, 0)
    const receipt = await all.target.execute(action, context(2))
    assert.deepEqual([receipt.proof?.status, receipt.proof?.confirmed], ['released', true])
  })

  it('carries its mark in a field of your own, if you have one', async () => {
    const all = await start(
      { rework: { orderType: 'ZRW1', markField: 'YY1_ANDON' } },
      { customFields: { order: ['YY1_ANDON'] } },
    )
    const receipt = await all.target.execute(action, context())
    assert.equal((await all.another().lookUp(action, context()))?.reference, receipt.reference)
    assert.equal(order(all, receipt.reference)?.UnloadingPointName, '')
  })

  it('is refused for a batch of which nothing lies, and for a type that does not exist', async () => {
    const empty = await start({}, { stock: [] })
    const nothing = { ...action, params: { batch: batchNumber(1) } }
    assert.match(
      await refusal(empty.target.execute(nothing, context())),
      /no stock of batch C-1: say the quantity/,
    )
    await empty.close()
    const other = await start({}, { orderTypes: ['YBM1'] })
    assert.match(await refusal(other.target.execute(action, context())), /Order type ZRW1 does not exist/)
  })
})

describe('an inspection', () => {
  const action = actionOf('inspection.request', 1)

  it('that others have decided is not withdrawn any more', async () => {
    const all = await start()
    const receipt = await all.target.execute(action, context())
    all.sap.add('A_InspLotUsageDecision', {
      ...{
        InspectionLot: receipt.reference,
        InspLotUsageDecisionCatalog: '3',
        InspLotUsgeDcsnSelectedSet: 'X',
      },
      ...{ InspLotUsageDecisionCodeGroup: '01', InspectionLotUsageDecisionCode: 'R' },
    })
    assert.equal((await all.target.revert(action, receipt, context())).alreadyDone, true)
    assert.equal(all.sap.state().usageDecisions[0]?.InspectionLotUsageDecisionCode, 'R')
  })

  it('is refused by a release that makes no lots through the API', async () => {
    const all = await start({}, { inspectionLotCreate: false })
    await refusal(all.target.execute(action, context()))
  })

  it('of a product needs no batch', async () => {
    const all = await start({ materials: { fridge: 'KX-500' } })
    await all.target.execute({ ...action, params: { product_model: 'fridge' } }, context())
    assert.equal(all.sap.state().inspectionLots[0]?.Material, 'KX-500')
  })
})

describe('a kind without its option', () => {
  it.each([
    ['schedule.rework', 'rework'],
    ['inspection.request', 'inspection'],
  ])('%s is not handled, and the refusal names the option %s', async (kind, option) => {
    const all = await start({ [option]: undefined })
    assert.ok(!all.target.handles.includes(kind))
    assert.match(
      await refusal(all.target.execute(actionOf(kind, 1), context())),
      new RegExp(`set the option ${option}`),
    )
  })
})

describe('a quality notification', () => {
  const action = actionOf('quality.notification', 1)

  it('has the product and its own batch in its fields, a batch of a component in its text', async () => {
    const all = await start(
      {},
      {
        batches: [
          { material: 'KX-500', batch: 'F-1' },
          { material: 'COMPRESSOR', batch: 'C-1' },
        ],
      },
    )
    await all.target.execute({ ...action, id: 'own', params: { ...action.params, batch: 'F-1' } }, context())
    await all.target.execute(
      { ...action, id: 'component', params: { ...action.params, batch: 'C-1' } },
      context(),
    )
    const [own, component] = all.sap.state().notifications
    assert.deepEqual([own?.Material, own?.Batch], ['KX-500', 'F-1'])
    assert.deepEqual([component?.Material, component?.Batch], ['KX-500', ''])
    assert.ok(keptOf(all.sap, { ...action, id: 'component' }).includes('C-1'))
  })

  it('has an item with the defect that the options tell', async () => {
    const all = await start({ defectOf: () => ({ codeGroup: 'COOL', code: '01' }) })
    await all.target.execute(action, context())
    const [item] = all.sap.state().notificationItems
    assert.deepEqual([item?.DefectCodeCatalog, item?.DefectCodeGroup, item?.DefectCode], ['9', 'COOL', '01'])
  })

  it('is refused when that function tells nonsense', async () => {
    const all = await start({ defectOf: () => ({ codeGroup: 'LONGER THAN EIGHT', code: '1' }) })
    assert.match(await refusal(all.target.execute(action, context())), /defectOf/)
  })

  it('goes on in the texts of items where one text is too short, and nothing is lost', async () => {
    const all = await start({ longTextLength: 1_000 })
    const quotes = Array.from({ length: 8 }, (_, index) => ({
      ...sampleQuote(index),
      text: `${index}: ${'冷藏室降不到9℃。'.repeat(60)}`,
    }))
    await all.target.execute({ ...action, quotes }, context())
    assert.ok(all.sap.state().notificationItems.length >= 4)
    const kept = keptOf(all.sap, action).replaceAll(/\n/g, '')
    for (const { text } of quotes)
      assert.ok(kept.includes(text) || pieced(kept, text), `lost: ${text.slice(0, 10)}`)
  })

  it('is found by the whole action id in a field of your own, by another process, too', async () => {
    const all = await start({ actionIdField: 'YY1_ANDON' }, { customFields: { notification: ['YY1_ANDON'] } })
    const receipt = await all.target.execute(action, context())
    assert.equal(all.sap.state().notifications[0]?.YY1_ANDON, action.id)
    assert.equal((await all.another().lookUp(action, context()))?.reference, receipt.reference)
  })

  it('that was raised before that field was set is found by its mark', async () => {
    const all = await start({}, { customFields: { notification: ['YY1_ANDON'] } })
    const receipt = await all.target.execute(action, context())
    const later = all.another({ actionIdField: 'YY1_ANDON' })
    assert.equal((await later.execute(action, context(2))).reference, receipt.reference)
    assert.equal(all.sap.state().notifications.length, 1)
  })
})

/** True when a text stands there with other lines in its middle: where it goes on in the next text. */
const pieced = (kept: string, text: string): boolean =>
  Array.from({ length: text.length }, (_, cut) => cut).some(
    (cut) => kept.includes(text.slice(0, cut)) && kept.includes(text.slice(cut)),
  )
