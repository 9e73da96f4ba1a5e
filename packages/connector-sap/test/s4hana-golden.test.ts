import { virtualClock } from '@andon/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { asHttp } from './support/as-http.js'
import { actionOf, context, decisive, type Given, given } from './support/s4-given.js'

let open: Given | undefined
afterEach(() => open?.close())

const clock = virtualClock('2026-03-01T08:00:00Z')

/** What goes over the wire for the action, and for taking it back. */
async function requestsOf(kind: string, more: Parameters<typeof given>[0] = {}): Promise<string> {
  open = await given(more, { clock })
  const { sap, target } = open
  const action = actionOf(kind, 1)
  const receipt = await target.execute(action, context(1, { clock }))
  const done = sap.requests.length
  await target.revert(action, receipt, context(1, { clock }))
  return [
    `# ${kind}`,
    asHttp(sap.requests.slice(0, done)),
    `# ${kind}, taken back`,
    asHttp(sap.requests.slice(done)),
  ].join('\n')
}

describe('the requests of each kind, to the byte', () => {
  it.each(Object.keys(decisive))('%s', async (kind) => {
    await expect(await requestsOf(kind)).toMatchFileSnapshot(`./golden/s4hana.${kind}.http`)
  })

  it('material.hold by stock transfer', async () => {
    const text = await requestsOf('material.hold', { hold: 'stock-transfer' })
    await expect(text).toMatchFileSnapshot('./golden/s4hana.material.hold.stock-transfer.http')
  })

  it('schedule.prioritise with dates, and the action id in a field of its own', async () => {
    open = await given(
      { startWithinDays: { 1: 2 }, actionIdField: 'YY1_ANDON' },
      {
        clock,
        customFields: { notification: ['YY1_ANDON'] },
        orders: [
          {
            ...{ order: '1000001', material: 'FRIDGE', importance: '5' },
            ...{ start: Date.UTC(2026, 2, 20), end: Date.UTC(2026, 2, 24) },
          },
        ],
      },
    )
    const { sap, target } = open
    await target.execute(actionOf('schedule.prioritise', 1), context(1, { clock }))
    await expect(asHttp(sap.requests)).toMatchFileSnapshot('./golden/s4hana.schedule.prioritise.dates.http')
  })
})
