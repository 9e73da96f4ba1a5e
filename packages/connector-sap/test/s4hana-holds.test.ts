import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { isAndonError } from '@andon/core/errors'
import { virtualClock } from '@andon/testkit'
import { afterEach, describe, it } from 'vitest'
import { patient } from './support/patient.js'
import { actionOf, batchNumber, context, effectsOf, type Given, given } from './support/s4-given.js'

let open: Given | undefined
afterEach(() => open?.close())

async function start(...args: Parameters<typeof given>): Promise<Given> {
  open = await given(...args)
  return open
}

const restricted = ({ sap }: Given, index: number): unknown =>
  sap.state().batches.find(({ Batch }) => Batch === batchNumber(index))?.MatlBatchIsInRstrcdUseStock

const batchKey = (index: number) => ({
  Material: 'COMPRESSOR',
  BatchIdentifyingPlant: '',
  Batch: batchNumber(index),
})

/** In front of a system of a release that does not send back the items of the document that it has posted. */
async function withoutItems(system: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { method = 'GET', url = '', headers } = request
    const { host: _host, connection: _connection, 'content-length': _length, ...kept } = headers
    const answer = await fetch(`${system}${url}`, {
      ...{ method, headers: new Headers(Object.entries(kept).map(([name, value]) => [name, String(value)])) },
      ...(body !== '' && { body }),
    })
    const said = await answer.text()
    for (const [name, value] of answer.headers) {
      if (!['content-length', 'connection', 'set-cookie'].includes(name)) response.setHeader(name, value)
    }
    response.setHeader('set-cookie', answer.headers.getSetCookie())
    response.writeHead(answer.status)
    const posts = method === 'POST' && url.includes('/A_MaterialDocumentHeader')
    response.end(posts ? said.replace('to_MaterialDocumentItem', 'not_sent') : said)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A hold of the batch with this index under a name of its own. */
const hold = (id: string, index = 1) => actionOf('material.hold', index, { id })

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    assert.ok(isAndonError(error, 'TARGET_REFUSED'), `not TARGET_REFUSED: ${String(error)}`)
    return `${error.message}\n${error.describe('zh')}`
  }
  return assert.fail('it was not refused')
}

describe('taking a hold back', () => {
  it('leaves a batch restricted that others had restricted before', async () => {
    const all = await start()
    const action = hold('a', 21)
    const receipt = await all.target.execute(action, context())
    assert.equal(receipt.proof?.restrictedBefore, true)
    const undone = await all.target.revert(action, receipt, context())
    assert.deepEqual([undone.proof?.restricted, undone.proof?.left], [true, true])
    assert.equal(restricted(all, 21), true)
    assert.equal(effectsOf(all.sap, action), 0, 'there was nothing to change')
  })

  it('leaves it to the last of several holds to free the batch, whichever goes first', async () => {
    for (const [first, second] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const all = await start()
      const receipts = {
        a: await all.target.execute(hold('a'), context()),
        b: await all.target.execute(hold('b'), context()),
      }
      await all.target.revert(hold(first), receipts[first], context())
      assert.equal(restricted(all, 1), true, `${second} still holds`)
      await all.target.revert(hold(second), receipts[second], context())
      assert.equal(restricted(all, 1), false)
      await all.close()
    }
  })

  it('by two at the same time leaves the batch free: they do not leave it to each other', async () => {
    const all = await start()
    const receipts = [
      await all.target.execute(hold('a'), context()),
      await all.target.execute(hold('b'), context()),
    ] as const
    await Promise.all([
      all.target.revert(hold('a'), receipts[0], context()),
      all.another().revert(hold('b'), receipts[1], context()),
    ])
    assert.equal(restricted(all, 1), false)
  })

  it.each(['403', '404', 'batch-change-refused'] as const)(
    'frees the batch although another hold was refused for good by %s',
    async (fault) => {
      const all = await start()
      all.sap.faults.next(fault, { method: 'POST', path: '$batch' })
      await refusal(all.target.execute(hold('dead'), context()))
      const receipt = await all.target.execute(hold('a'), context())
      const undone = await all.target.revert(hold('a'), receipt, context())
      assert.equal(undone.proof?.left, undefined)
      assert.equal(restricted(all, 1), false)
    },
  )

  it('and being refused leaves the hold in its place, until it is taken back again', async () => {
    const all = await start()
    const receipts = {
      a: await all.target.execute(hold('a'), context()),
      b: await all.target.execute(hold('b'), context()),
    }
    await all.target.revert(hold('b'), receipts.b, context())
    all.sap.faults.next('403', { method: 'POST', path: '$batch' })
    await refusal(all.target.revert(hold('a'), receipts.a, context()))
    const c = await all.target.execute(hold('c'), context())
    await all.target.revert(hold('c'), c, context())
    assert.equal(restricted(all, 1), true, 'a still holds')
    await all.target.revert(hold('a'), receipts.a, context(2))
    assert.equal(restricted(all, 1), false)
  })

  it('that cannot ask who else holds it is not written down as done', async () => {
    const all = await start()
    const receipt = await all.target.execute(hold('a'), context())
    all.sap.faults.next('403', { method: 'GET', path: "Batch eq 'C-1' and Material" })
    await refusal(all.target.revert(hold('a'), receipt, context()))
    const b = await all.target.execute(hold('b'), context())
    await all.target.revert(hold('b'), b, context())
    assert.equal(restricted(all, 1), true)
  })

  it('is tried again where what SAP refused cannot be written down', async () => {
    const all = await start()
    const record = { method: 'POST', path: '/QualityNotification' }
    all.sap.faults.next('none', record)
    all.sap.faults.next('403', { method: 'POST', path: '$batch' })
    all.sap.faults.next('403', record)
    await assert.rejects(all.target.execute(hold('a'), context()), (error) => {
      assert.ok(isAndonError(error, 'TARGET_UNAVAILABLE'))
      return /so was the record of that/.test(error.message)
    })
    assert.equal((await all.target.execute(hold('a'), context(2))).alreadyDone, undefined)
  })

  it('of more records than can be read is refused: the newest would be missing', async () => {
    const all = await start()
    const receipt = await all.target.execute(hold('a'), context())
    for (let index = 0; index < 1_001; index += 1) {
      all.sap.add('QualityNotification', {
        ...{ QualityNotification: `9${String(index).padStart(9, '0')}`, NotificationType: 'Q3' },
        ...{ NotificationText: 'Andon hold', Material: 'COMPRESSOR', Batch: 'C-1' },
      })
    }
    assert.match(
      await refusal(all.target.revert(hold('a'), receipt, context())),
      /more than 1000 notifications/,
    )
    assert.equal(restricted(all, 1), true)
  })

  it('is decided by another process from the records alone', async () => {
    const all = await start()
    const receipt = await all.target.execute(hold('a'), context())
    const { proof: _, ...bare } = receipt
    await all.another().revert(hold('a'), bare, context())
    assert.equal(restricted(all, 1), false)
  })

  it('does not free what somebody restricted between our look and our change', async () => {
    const all = await start()
    // While the record is being written, somebody restricts the batch: our If-Match is stale then.
    all.sap.faults.set({ slowMs: 100 })
    all.sap.faults.next('slow', { method: 'POST', path: '/QualityNotification' })
    const execution = all.target.execute(hold('a'), context())
    while (!all.sap.requests.some(({ method }) => method === 'POST')) await new Promise(setImmediate)
    all.sap.change('Batch', batchKey(1), { MatlBatchIsInRstrcdUseStock: true })
    const receipt = await execution
    assert.equal(receipt.proof?.restrictedBefore, true)
    await all.target.revert(hold('a'), receipt, context())
    assert.equal(restricted(all, 1), true)
  })

  it('does not free it either when the try that met them could not write that down', async () => {
    const people = { MatlBatchIsInRstrcdUseStock: true }
    const all = await start({}, { somebodyElse: (set) => (set === 'Batch' ? people : {}) })
    const action = hold('a')
    // The first record is written, the change is turned away, and the record of that fails.
    const record = { method: 'POST', path: '/QualityNotification' }
    all.sap.faults.next('none', record)
    all.sap.faults.next('etag-stale', { method: 'POST', path: '$batch' })
    all.sap.faults.next('500', record)
    await assert.rejects(all.target.execute(action, context()), (error) =>
      isAndonError(error, 'TARGET_UNAVAILABLE'),
    )
    assert.equal(all.sap.faults.waiting, 0, 'it did not come to the second record')
    const receipt = await all.target.execute(action, context(2))
    assert.equal(receipt.proof?.restrictedBefore, true)
    await all.target.revert(action, receipt, context())
    assert.equal(restricted(all, 1), true)
  })
})

describe('a release', () => {
  it('ends all holds; taken back, the batch is restricted again and they count again', async () => {
    const all = await start()
    const held = await all.target.execute(hold('a'), context())
    const release = actionOf('material.release', 0, { id: 'r', params: hold('a').params })
    const released = await all.target.execute(release, context())
    assert.equal(restricted(all, 1), false)
    await all.target.revert(release, released, context())
    assert.equal(restricted(all, 1), true)
    await all.target.revert(hold('a'), held, context())
    assert.equal(restricted(all, 1), false)
  })

  it('that found nothing to release takes nothing back', async () => {
    const all = await start()
    const release = actionOf('material.release', 0, { id: 'r', params: hold('a').params })
    const receipt = await all.target.execute(release, context())
    await all.target.revert(release, receipt, context())
    assert.equal(restricted(all, 1), false)
  })
})

describe('the batch that is meant', () => {
  const twins = {
    batches: [
      { material: 'COMPRESSOR', batch: 'C-1' },
      { material: 'VALVE', batch: 'C-1' },
      { material: 'SEAL', batch: 'S-1', identifyingPlant: '1010' },
      { material: 'SEAL', batch: 'S-1', identifyingPlant: '1020' },
    ],
    stock: [],
    movements: [],
    orders: [],
  }
  const holdOf = (params: Record<string, string>) =>
    actionOf('material.hold', 1, { params: { reason: 'r', ...params } })

  it('is refused when its number is there more than once, naming where and what to do', async () => {
    const { target, sap } = await start({}, twins)
    const said = await refusal(target.execute(holdOf({ batch: 'C-1' }), context()))
    assert.match(said, /COMPRESSOR\/, VALVE\//)
    assert.match(said, /批次 C-1 不唯一/)
    assert.equal(sap.state().notifications.length, 0, 'something was written down')
  })

  it('is told by its component, whose material the options name', async () => {
    const all = await start({}, twins)
    const receipt = await all.target.execute(holdOf({ batch: 'C-1', component: 'compressor' }), context())
    assert.equal(receipt.proof?.material, 'COMPRESSOR')
  })

  it('is the one of our plant where batches are unique in a plant only', async () => {
    const all = await start({}, twins)
    const receipt = await all.target.execute(holdOf({ batch: 'S-1' }), context())
    assert.equal(receipt.proof?.plant, '1010')
  })

  it.each([
    {
      params: { batch: 'TOO-LONG-A-NUMBER' },
      said: /params\.batch is longer than a batch number.*\n.*超过 SAP 批次号长度/,
    },
    { params: { serials: ['S-1'] }, said: /units are held in Digital Manufacturing.*\n.*单件请在/ },
    { params: {}, said: /params\.batch is missing/ },
  ])('is refused before any request when $params cannot name it', async ({ params, said }) => {
    const { target, sap } = await start()
    const action = actionOf('material.hold', 1, { params: { reason: 'r', ...params } })
    assert.match(await refusal(target.execute(action, context())), said)
    assert.equal(sap.requestCount, 0)
  })
})

describe('a hold by stock transfer', () => {
  const byTransfer = { hold: 'stock-transfer' } as const
  const clock = virtualClock('2026-03-01T08:00:00Z')
  const stock = ({ sap }: Given, type: string): unknown =>
    sap.state().stock.find((entry) => entry.Batch === batchNumber(1) && entry.InventoryStockType === type)
      ?.MatlWrhsStkQtyInMatlBaseUnit ?? '0'
  const documents = ({ sap }: Given): number =>
    sap.changes.filter(
      ({ set, kind, user }) => set === 'A_MaterialDocumentHeader' && kind === 'created' && user === 'ANDON',
    ).length

  it('moves all unrestricted stock, to the last decimal, and what it moved back', async () => {
    const all = await start(byTransfer)
    const receipt = await all.target.execute(hold('a'), context())
    assert.deepEqual([receipt.proof?.quantity, receipt.proof?.movementType], ['120.5', '344'])
    assert.match(String(stock(all, '07')), /^120\.50*$/)
    const [seen] = await all.target.observe([{ kind: 'batch', id: batchNumber(1) }], context())
    assert.deepEqual(seen, { found: true, fields: { held: true } })
    const undone = await all.target.revert(hold('a'), receipt, context())
    assert.equal(undone.proof?.movementType, '343')
    assert.match(String(stock(all, '01')), /^120\.50*$/)
  })

  it.each(['cut-after', 'cut-before', 'timeout-after-work', 'error-after-work'] as const)(
    'is posted once after %s, and taken back once',
    async (fault) => {
      const all = await start(byTransfer)
      const posting = { method: 'POST', path: '/A_MaterialDocumentHeader' }
      all.sap.faults.next(fault, posting)
      const given = context(1, { clock })
      await assert.rejects(
        patient(all.sap, clock, () => all.target.execute(hold('a'), given)),
        { retryable: true },
      )
      const found = await all.target.lookUp(hold('a'), given)
      const receipt = await all.another().execute(hold('a'), context(2, { clock }))
      assert.equal(found?.reference ?? receipt.reference, receipt.reference)
      assert.equal(receipt.alreadyDone === true, fault !== 'cut-before')
      assert.equal(documents(all), 1)
      all.sap.faults.next(fault, posting)
      await assert.rejects(
        patient(all.sap, clock, () => all.target.revert(hold('a'), receipt, given)),
        {
          retryable: true,
        },
      )
      await all.target.revert(hold('a'), receipt, context(2, { clock }))
      assert.equal(documents(all), 2)
      assert.match(String(stock(all, '01')), /^120\.50*$/)
    },
  )

  it('that is posted and cannot be read then is not refused: the next try finds it', async () => {
    const all = await start(byTransfer)
    const { url, close } = await withoutItems(all.sap.url)
    try {
      const through = all.another({ url })
      all.sap.faults.next('403', { method: 'GET', path: '/A_MaterialDocumentHeader' })
      await assert.rejects(through.execute(hold('a'), context()), (error) =>
        isAndonError(error, 'TARGET_UNAVAILABLE'),
      )
      assert.equal((await through.execute(hold('a'), context(2))).alreadyDone, true)
      assert.equal(documents(all), 1)
    } finally {
      await close()
    }
  })

  it('is refused where there is nothing to move', async () => {
    const all = await start(byTransfer, { stock: [] })
    assert.match(await refusal(all.target.execute(hold('a'), context(1, { clock }))), /no unrestricted stock/)
    const release = actionOf('material.release', 0, { params: hold('a').params })
    assert.match(await refusal(all.target.execute(release, context())), /no blocked stock/)
  })
})
