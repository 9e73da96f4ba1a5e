import { createAndon, definePolicy } from '@andon/core'
import { memoryTarget } from '@andon/testkit'
import { expect, it } from 'vitest'
import { type LoopOptions, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const inspection = `CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9
  THEN inspection.request (reason = 'grave report') ON mes;`
const hold = `CREATE RULE grave AS SELECT component_batches.compressor AS batch FROM feedbacks WHERE severity_score > 9
  THEN material.hold (batch = batch, reason = 'grave report') ON mes;`

/** The only action that a complaint leads to, and what reached the target. */
async function decided(complaint: object, options: LoopOptions) {
  const target = memoryTarget({ name: 'mes' })
  const { andon } = await runLoop({ targets: { mes: target }, ...options })
  await andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5, ...complaint }))
  await andon.settled()
  const [action] = await andon.actions.list()
  return { action, effects: target.effects() }
}

for (const [given, field] of [
  ['category', 'product_category'],
  ['line', 'product_line'],
  ['model', 'product_model'],
] as const) {
  it(`no production action without ${field}, whatever the mode`, async () => {
    const { action, effects } = await decided({ [given]: '' }, { rules: inspection })
    expect(action?.status).toBe('refused')
    expect(action?.note?.en).toContain(field)
    expect(action?.note?.zh).toContain(field)
    expect(effects).toEqual([])
  })
}

it('no hold without a batch', async () => {
  const { action, effects } = await decided({ compressor: '' }, { rules: hold })
  expect(action?.status).toBe('refused')
  expect(action?.note?.en).toContain('batch')
  expect(effects).toEqual([])
})

it('no policy opens a gate', async () => {
  const yes = () => ({ status: 'approved', note: { en: 'Yes.', zh: '是。' } }) as const
  const { action } = await decided({ compressor: '' }, { rules: hold, policy: yes })
  expect(action?.status).toBe('refused')
})

it('telling people needs no known product', async () => {
  const { action } = await decided(
    { model: '', line: '', category: '' },
    { rules: `CREATE RULE grave AS SELECT * FROM feedbacks ESCALATE TO production_team;` },
  )
  expect(action?.status).toBe('succeeded')
})

it('a policy decides per action, with the signal and the report before it', async () => {
  const seen: unknown[] = []
  const { action, effects } = await decided(
    {},
    {
      rules: hold,
      policy: ({ action: proposed, signal, kind, reversible, about }) => {
        seen.push([proposed.kind, signal.rule, kind?.name, reversible, about?.sourceMessageId])
        return { status: 'refused', note: { en: 'Not on a Sunday.', zh: '周日不执行。' } }
      },
    },
  )
  expect(seen).toEqual([['material.hold', 'grave', 'material.hold', true, 'm-1']])
  expect(action).toMatchObject({ status: 'refused', note: { en: 'Not on a Sunday.' } })
  expect(effects).toEqual([])
})

it('when a policy throws, a person must decide', async () => {
  const { action, effects } = await decided(
    {},
    {
      rules: hold,
      policy: () => {
        throw new Error('the calendar is empty')
      },
    },
  )
  expect(action).toMatchObject({
    status: 'awaiting-approval',
    note: { en: 'The policy failed: the calendar is empty' },
  })
  expect(effects).toEqual([])
})

it('a policy written as data decides, and says which of its rules did', async () => {
  const policy = definePolicy({
    version: 1,
    name: 'north plant',
    rules: [
      { name: 'holds', when: { kind: 'material.hold' }, mode: 'shadow' },
      { name: 'rest', mode: 'auto' },
    ],
  })
  const held = await decided({}, { rules: hold, policy })
  expect(held.action).toMatchObject({
    status: 'shadow',
    note: { en: 'Rule “holds” of policy “north plant”: recorded only, not carried out.' },
  })
  expect(held.effects).toEqual([])
  const inspected = await decided({}, { rules: inspection, policy })
  expect(inspected.action?.status).toBe('succeeded')
})

it('a policy that is wrong is refused before anything is opened', () => {
  const policy = { version: 1, name: 'north plant', rules: [{ name: 'holds', mode: 'automatic' }] }
  const options = { channels: [{}], policy } as never
  expect(() => createAndon(options)).toThrow(/rules\.0\.mode "automatic"/)
})

it('no policy lets one person release, or anything pass its limits', async () => {
  const note = { en: 'Yes.', zh: '是。' }
  const release = hold.replace('material.hold', 'material.release')
  const released = await decided({}, { rules: release, policy: () => ({ status: 'approved', note }) })
  expect(released.action?.status).toBe('awaiting-approval')
  const limits = { blastRadius: { batches: 0 } }
  const held = await decided({}, { rules: hold, policy: () => ({ status: 'approved', note, limits }) })
  expect(held.action?.status).toBe('awaiting-approval')
  expect([...released.effects, ...held.effects]).toEqual([])
})
