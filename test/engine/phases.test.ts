import type { Action, MetricSource, Receipt, Target } from '@andon/core/connector'
import { memoryTarget } from '@andon/testkit'
import { expect, it } from 'vitest'
import { advanceUntil, type Loop, type LoopOptions, runLoop } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const line = '高端系列'
const hour = 3_600_000
const rules = `CREATE RULE one AS SELECT * FROM feedbacks THEN
  material.hold (batch = component_batches.compressor, reason = 'reported') ON mes;`
const inspect = rules.replace(
  'material.hold (batch = component_batches.compressor',
  'inspection.request (batch = component_batches.compressor',
)

const runPilot = (options: LoopOptions = {}): Promise<Loop> =>
  runLoop({ rules, targets: { mes: memoryTarget({ name: 'mes' }) }, phases: { [line]: 'pilot' }, ...options })

let made = 0
async function complain(loop: Loop, count = 1): Promise<readonly Action[]> {
  await loop.andon.ingest(
    Array.from({ length: count }, () => {
      const id = `p-${made++}`
      return webPayload({ id, at: loop.clock.now(), compressor: `C-${id}` })
    }),
  )
  await loop.andon.settled()
  return loop.andon.actions.list()
}

const signature = { name: 'Li Wei', meaning: 'ready for the next phase' }

async function reviewAll(loop: Loop, agreed: (index: number) => boolean): Promise<void> {
  const shadows = await loop.andon.actions.list({ status: ['shadow'] })
  for (const [index, { id }] of shadows.entries()) {
    await loop.andon.phases.review(id, { agreed: agreed(index), name: 'Anna Berg' })
  }
}

it('in pilot a hold is only recorded, whatever the mode; in another line the mode decides', async () => {
  const loop = await runPilot()
  const [held] = await complain(loop)
  expect(held).toMatchObject({
    status: 'shadow',
    note: { en: expect.stringContaining('Roll-out phase pilot') },
  })
  const free = await runPilot({ phases: { other: 'pilot' } })
  expect((await complain(free))[0]?.status).toBe('succeeded')
})

it('a policy of one’s own is bounded by the phase, and sees it', async () => {
  const seen: unknown[] = []
  const loop = await runPilot({
    policy: ({ phase }) => {
      seen.push(phase)
      return { status: 'approved', note: { en: 'Yes.', zh: '是。' } }
    },
  })
  const [held] = await complain(loop)
  expect(seen).toEqual(['pilot'])
  expect(held?.status).toBe('shadow')
})

it('a phase ends on evidence alone, and the refusal says in numbers what is missing', async () => {
  const loop = await runPilot()
  await complain(loop, 20)
  const { phases } = loop.andon
  await expect(phases.promote(line, signature)).rejects.toMatchObject({
    code: 'PROMOTION_REFUSED',
    message: expect.stringContaining('0 reviewed shadow decisions (20 needed)'),
  })
  await reviewAll(loop, () => true)
  expect(phases.list()).toMatchObject([
    { productLine: line, phase: 'pilot', evidence: { agreed: 20, disagreed: 0 }, next: { allowed: true } },
  ])
  expect(await phases.promote(line, signature)).toMatchObject({ phase: 'extension', evidence: { agreed: 0 } })
  const [held] = await complain(loop).then((actions) => actions.filter(({ status }) => status !== 'shadow'))
  expect(held?.status).toBe('awaiting-approval')
  const lines: { what: string; data: object }[] = []
  for await (const text of loop.andon.audit.export('default')) lines.push(JSON.parse(text))
  expect(lines.find(({ what }) => what === 'phase.promoted')?.data).toMatchObject({
    ...{ productLine: line, from: 'pilot', to: 'extension', evidence: { agreed: 20 }, signature },
  })
})

it('one in twenty that was wrong is too many', async () => {
  const loop = await runPilot()
  await complain(loop, 20)
  await reviewAll(loop, (index) => index > 0)
  await expect(loop.andon.phases.promote(line, signature)).rejects.toMatchObject({
    code: 'PROMOTION_REFUSED',
  })
})

it('a shadow action is reviewed once, and only a shadow action is', async () => {
  const loop = await runPilot()
  const [held] = await complain(loop)
  const { phases } = loop.andon
  const reviewed = await phases.review(held?.id ?? '', {
    agreed: false,
    name: 'Anna Berg',
    note: 'too early',
  })
  expect(reviewed).toMatchObject({ status: 'shadow', review: { agreed: false, note: 'too early' } })
  await expect(phases.review(held?.id ?? '', { agreed: true, name: 'Li Wei' })).rejects.toMatchObject({
    code: 'REVIEW_REFUSED',
    message: expect.stringContaining('Anna Berg has reviewed it already'),
  })
  expect(phases.list()).toMatchObject([{ evidence: { agreed: 0, disagreed: 1 } }])
  const free = await runPilot({ phases: {} })
  const [done] = await complain(free)
  await expect(
    free.andon.phases.review(done?.id ?? '', { agreed: true, name: 'Li Wei' }),
  ).rejects.toMatchObject({ code: 'REVIEW_REFUSED' })
  expect(free.andon.phases.list()).toEqual([])
})

/** A target whose writes do not arrive. */
function forgetful(): Target {
  const reads: Target = memoryTarget({ name: 'mes' })
  return {
    ...reads,
    execute: async (action, context): Promise<Receipt> => reads.execute(action, context),
    observe: async (subjects) => subjects.map(() => ({ found: true, fields: { held: false } })),
  }
}

it('harm is a step back at once, it is told, and stands in the audit log', async () => {
  const warnings: string[] = []
  const loop = await runPilot({
    phases: { [line]: 'optimisation' },
    targets: { mes: forgetful() },
  })
  loop.andon.on('warning', ({ code, text }) => warnings.push(`${code}: ${text.en}`))
  await complain(loop)
  await advanceUntil(loop, async () => (await loop.andon.actions.list())[0]?.status === 'dead')
  await loop.andon.settled()
  expect(loop.andon.phases.list()).toMatchObject([{ phase: 'extension', demotion: { from: 'optimisation' } }])
  expect(warnings).toEqual([
    expect.stringContaining(`phase-demoted: ${line} goes back from optimisation to extension: material.hold`),
  ])
  const lines: { what: string; action?: string; data: object }[] = []
  for await (const text of loop.andon.audit.export('default')) lines.push(JSON.parse(text))
  expect(lines.find(({ what }) => what === 'phase.demoted')).toMatchObject({
    action: (await loop.andon.actions.list())[0]?.id,
    data: { productLine: line, from: 'optimisation', to: 'extension' },
  })
  // One decision later the narrower phase decides.
  const later = (await complain(loop)).find(({ status }) => status !== 'dead')
  expect(later?.status).toBe('awaiting-approval')
})

it('verdicts count for the line of their action, and one of harm is a step back', async () => {
  let doneAt = Number.POSITIVE_INFINITY
  let after = 0.01
  const metrics: MetricSource = {
    measure: async (_, __, from) => [{ at: from, value: from < doneAt ? 0.05 : after, n: 1000 }],
  }
  const test = { metric: 'fpy_fallout', direction: 'down', minimum_effect: 0.4, settle: 0, window: '1 hours' }
  const policy = {
    version: 1,
    name: 'all',
    rules: [{ name: 'all', mode: 'auto', tests: [{ ...test, on_failure: 'revert' }] }],
  }
  const loop = await runPilot({
    rules: inspect,
    policy: policy as never,
    metrics,
    phases: { [line]: 'extension' },
  })
  const { phases } = loop.andon
  await complain(loop)
  doneAt = loop.clock.now() + 1
  await advanceUntil(loop, () => phases.list()[0]?.evidence.effective === 1, hour / 4)
  after = 0.2
  doneAt = Number.POSITIVE_INFINITY
  await complain(loop)
  doneAt = loop.clock.now() + 1
  await advanceUntil(loop, () => phases.list()[0]?.phase === 'pilot', hour / 4)
  expect(phases.list()).toMatchObject([{ demotion: { from: 'extension' }, evidence: { effective: 0 } }])
})

it('a person can call for a step back; what was reached outlives a restart', async () => {
  const loop = await runPilot({ phases: { [line]: 'optimisation' } })
  await loop.andon.phases.demote(line, { name: 'Li Wei', reason: 'new mould' })
  await expect(loop.andon.phases.demote('nowhere', { name: 'Li Wei', reason: 'x' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await loop.andon.close()
  const again = await runPilot({ phases: { [line]: 'optimisation' }, data: loop.data, clock: loop.clock })
  expect(again.andon.phases.list()).toMatchObject([
    { phase: 'extension', demotion: { text: { zh: expect.stringContaining('new mould（Li Wei）') } } },
  ])
})
