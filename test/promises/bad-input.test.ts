import type { IngestResult, RawPayload } from '@andon/core'
import { expect, it } from 'vitest'
import { runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const day = 86_400_000
const web = (over: object): RawPayload => webPayload({ id: 'bad', at: start, ...over })
const nested = `${'['.repeat(1000)}${']'.repeat(1000)}`

interface Bad {
  readonly what: string
  readonly payload: RawPayload
  readonly field: string
  /** Part of the reason, in both languages. */
  readonly reason: readonly [en: string, zh: string]
  /** What the record shows as the value; left out where that is the payload itself. */
  readonly value?: string
}

const bad: readonly Bad[] = [
  { what: 'an empty payload', payload: { body: '' }, field: 'body', reason: ['empty', '为空'] },
  { what: 'blanks alone', payload: { body: ' \n\t ' }, field: 'body', reason: ['empty', '为空'] },
  {
    what: 'what is not JSON',
    payload: { body: '{"submission_id": 1,,}' },
    field: 'body',
    reason: ['not JSON', '不是 JSON'],
  },
  {
    what: 'what is of no channel',
    payload: { body: '{"a": 1}' },
    field: 'channel',
    reason: ['no registered channel', '没有任何'],
  },
  {
    what: 'a payload of another channel than it says',
    payload: { ...web({}), channel: 'email' },
    field: 'channel',
    value: 'email',
    reason: ['wrong channel', '渠道不符'],
  },
  {
    what: 'a report without its text',
    payload: web({ text: '' }),
    field: 'value_text',
    reason: ['missing', '缺'],
  },
  {
    what: 'a date that cannot be (1919)',
    payload: web({ at: Date.UTC(1919, 4, 4) }),
    field: 'receivedAt',
    value: '1919-05-04T00:00:00.000Z',
    reason: ['', ''],
  },
  {
    what: 'a date in the future',
    payload: web({ at: start + 30 * day }),
    field: 'receivedAt',
    value: new Date(start + 30 * day).toISOString(),
    reason: ['future', '将来'],
  },
  {
    what: '10 MB of text',
    payload: web({ text: 'x'.repeat(10_000_000) }),
    field: 'body',
    reason: ['larger than', '超过'],
  },
  {
    what: 'nesting a thousand deep',
    payload: { body: `{"submission_id":"deep","answers":${nested}}` },
    field: 'body',
    reason: ['nests deeper', '嵌套'],
  },
  {
    what: 'bytes that are not UTF-8',
    payload: { body: new Uint8Array([0x7b, 0xff, 0xfe, 0xc0, 0x7d]) },
    field: 'body',
    reason: ['UTF-8', 'UTF-8'],
  },
]

/** The verbatim payload as a quarantine record keeps it. */
function verbatim({ body }: RawPayload): string {
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? Buffer.from(body).toString('base64') : JSON.stringify(body)
}

for (const { what, payload, field, value, reason } of bad) {
  it(`${what} is quarantined with field, value, reason and payload, its neighbours are not harmed`, async () => {
    const { andon } = await runLoop()
    const told: string[] = []
    andon.on('quarantined', ({ id }) => told.push(id))
    const results = await andon.ingest([
      webPayload({ id: 'before', at: start }),
      payload,
      webPayload({ id: 'after', at: start }),
    ])
    expect(results.map(({ status }) => status)).toEqual(['accepted', 'quarantined', 'accepted'])
    const [record, ...others] = await andon.quarantine.list()
    expect(others).toEqual([])
    expect(record?.problems[0]?.field).toBe(field)
    if (value !== undefined) expect(record?.problems[0]?.value).toBe(value)
    expect(record?.problems[0]?.value.length).toBeLessThanOrEqual(200)
    expect(record?.problems[0]?.reason.en).toContain(reason[0])
    expect(record?.problems[0]?.reason.zh).toContain(reason[1])
    expect(record?.problems[0]?.reason.en).not.toBe('')
    expect(record?.problems[0]?.reason.zh).not.toBe('')
    expect(record?.raw.payload).toBe(verbatim(payload))
    expect(told).toEqual([record?.id])
  })
}

it('the same message again is a duplicate; with other words it is merged, and analysed once', async () => {
  const { andon } = await runLoop()
  const first = webPayload({ id: 'm-1', at: start })
  const changed = webPayload({ id: 'm-1', at: start, text: 'Now it is worse.' })
  const results = await andon.ingest([first, first, changed, webPayload({ id: 'm-2', at: start })])
  expect(results).toMatchObject([
    { status: 'accepted' },
    { status: 'duplicate', merged: false },
    { status: 'duplicate', merged: true },
    { status: 'accepted' },
  ])
  expect(new Set(results.map(idOf)).size).toBe(2)
  await andon.settled()
  expect((await andon.ingest(first))[0]).toMatchObject({ status: 'duplicate', id: results[0]?.id })
})

it('prototype-polluting keys reach neither the record nor any prototype; the payload keeps them', async () => {
  const { andon } = await runLoop()
  const { body } = webPayload({ id: 'm-1', at: start })
  const sly = body.replace(
    '{',
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
  )
  const results = await andon.ingest([{ body: sly }, webPayload({ id: 'm-2', at: start })])
  expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted'])
  const kept = await andon.feedback(results[0]?.id ?? '')
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
  expect(JSON.stringify(kept?.feedback)).not.toContain('polluted')
  expect(kept?.raw.payload).toBe(sly)
})

it('an unknown field is kept beside the record as an attribute', async () => {
  const { andon } = await runLoop()
  const { body } = webPayload({ id: 'm-1', at: start })
  const [result] = await andon.ingest({ body: body.replace('{', '{"kitchen_floor":3,') })
  expect(result?.status).toBe('accepted')
  const kept = await andon.feedback(result?.id ?? '')
  expect(kept?.feedback.attributes).toMatchObject({ kitchen_floor: 3 })
})

it('all bad payloads in one call leave every good neighbour where it belongs', async () => {
  const { andon } = await runLoop()
  const payloads = bad.flatMap(({ payload }, index) => [
    webPayload({ id: `good-${index}`, at: start }),
    payload,
  ])
  const results = await andon.ingest(payloads)
  expect(results.map(({ payload }) => payload)).toEqual(payloads.map((_, index) => index))
  expect(results.map(({ status }) => status)).toEqual(bad.flatMap(() => ['accepted', 'quarantined']))
  expect(new Set(results.map(idOf)).size).toBe(payloads.length)
})

const idOf = ({ id }: IngestResult): string => id
