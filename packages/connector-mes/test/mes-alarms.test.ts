import { iotChannel } from '@andon/channels'
import type { Batch, RawPayload } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { type Mes, type MesAlarm, startMes } from '@andon/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alarmPayload, alarmsOfProcess, mesAlarms, processWorkAlert } from '../src/index.js'

const alarm = {
  conditionId: 'IM-07/mould_temperature/low',
  conditionName: 'Mould temperature low',
  active: true,
  severity: 730,
  message: '模温偏低 E-MOULD-02',
  time: '2026-03-01T02:00:05Z',
  activeSince: '2026-03-01T01:58:00Z',
  ...{
    equipment: 'IM-07',
    plant: 'Foshan',
    line: 'L2',
    productModel: 'BCD-520W',
    serialNumber: 'SN2603000117',
  },
  ...{ lot: 'F-0301', faultCode: 'E-MOULD-02', componentLots: { door_seal: 'DS-0302' } },
  values: [{ name: 'mould_temperature', value: 51.2, unit: 'Cel', low: 52, high: 58 }],
  attributes: { shift: 'night', cavity: 3 },
} satisfies MesAlarm

/** Texts and numbers that stand anywhere in a value. */
const leaves = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [String(value)]

describe('alarms of an MES', () => {
  let running: Mes
  beforeEach(async () => {
    running = await startMes()
  })
  afterEach(() => running.close())

  async function take(count: number, source: ReturnType<typeof mesAlarms>): Promise<readonly RawPayload[]> {
    const stopper = new AbortController()
    const items: RawPayload[] = []
    for await (const batch of source.receive({ signal: stopper.signal })) {
      items.push(...batch.items)
      if (items.length >= count) break
    }
    return items
  }

  it('become feedback of the iot channel with everything that they say', async () => {
    running.raise(alarm)
    const [payload] = await take(1, mesAlarms({ url: running.url, tenant: 'foshan' }))
    expect(payload).toMatchObject({ channel: 'iot', tenant: 'foshan', receivedAt: alarm.time })
    const text = JSON.stringify(payload?.body)
    for (const leaf of leaves(alarm)) expect(text).toContain(leaf)
    const channel = iotChannel()
    const decoded = { text, json: JSON.parse(text) }
    expect(channel.detect(decoded)).toBe(true)
    const [draft] = await channel.parse(decoded)
    expect(draft).toMatchObject({
      ...{ symptomText: alarm.message, severityScore: 7.3, productModel: 'BCD-520W' },
      ...{ serialNumber: 'SN2603000117', batchNumber: 'F-0301', customerRole: 'device' },
      ...{ componentBatches: { door_seal: 'DS-0302' }, productionSite: { plant: 'Foshan', line: 'L2' } },
      faultCode: expect.objectContaining({ code: 'E-MOULD-02' }),
    })
  })

  it('come to who waits for them, at once', async () => {
    const source = mesAlarms({ url: running.url, from: 'now', waitSeconds: 30, timeoutMs: 1_000 })
    running.raise({ ...alarm, conditionId: 'before' })
    const taken = take(1, source)
    await waitFor(() => running.requests.some(({ target }) => target.includes('after=a1')))
    const raised = performance.now()
    running.raise({ ...alarm, conditionId: 'after' })
    expect(await taken).toMatchObject([{ body: { condition_id: 'after' } }])
    expect(performance.now() - raised).toBeLessThan(5_000)
  })

  it('are asked for with a pause where the MES does not wait', async () => {
    const stopper = new AbortController()
    const source = mesAlarms({ url: running.url, waitSeconds: 0, pollMs: 50 })
    setTimeout(() => stopper.abort(), 220)
    const batches: Batch<RawPayload>[] = []
    for await (const batch of source.receive({ signal: stopper.signal })) batches.push(batch)
    expect(batches).toEqual([])
    expect(running.requestCount).toBeLessThanOrEqual(6)
  })

  it('that cannot be read stop the source with an error that says why', async () => {
    running.raise(alarm)
    running.faults.next('truncated')
    const error = await take(1, mesAlarms({ url: running.url })).catch((thrown: unknown) => thrown)
    expect(isAndonError(error, 'SOURCE_FAILED')).toBe(true)
    // The next reading begins where the position of the last batch says: nothing was lost.
    expect(await take(1, mesAlarms({ url: running.url }))).toHaveLength(1)
  })

  it('come through an adapter, out of B2MML as well', async () => {
    const told = processWorkAlert(alarm, { at: alarm.time, id: 'alert-1' })
    const source = mesAlarms({
      adapter: {
        listAlarms: async ({ after }) => ({
          alarms: after === undefined ? [...alarmsOfProcess(told)] : [],
          next: '1',
        }),
      },
      payload: (one) => ({ ...alarmPayload(one), source: 'line 2' }),
    })
    const [payload] = await take(1, source)
    expect(payload).toMatchObject({ source: 'line 2', body: { condition_id: alarm.conditionId } })
    expect(await source.check()).toEqual({ ok: true })
    await source.close()
  })

  it('of an MES that is down are a health that says so', async () => {
    const source = mesAlarms({ url: running.url })
    expect(await source.check()).toEqual({ ok: true })
    await running.close()
    expect(await source.check()).toMatchObject({
      ok: false,
      detail: expect.stringContaining('did not answer'),
    })
  })
})

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
