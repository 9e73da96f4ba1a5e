import { cpSync, rmSync } from 'node:fs'
import { memoryTarget, virtualClock } from '@andon/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'
import { auto, complain, hold, withHold } from '../support/grave-report.js'
import { advanceUntil, runLoop, start } from '../support/loop.js'

const signature = { name: 'A. Signer', meaning: 'approved' }

it('a clock that is found set back by hours at a restart holds no retry up', async () => {
  const target = memoryTarget({ name: 'mes' })
  const ahead = virtualClock(start + 5 * 3_600_000)
  target.failNext('unavailable')
  const first = await withHold({ targets: { mes: target }, clock: ahead, rules: hold })
  expect(await first.action()).toMatchObject({ status: 'retrying' })
  await first.andon.close()
  const { data } = first
  const again = await runLoop({ rules: hold, targets: { mes: target }, clock: virtualClock(start), data })
  await advanceUntil(again, () => target.effects().length === 1)
  expect(again.clock.now()).toBeLessThan(start + 60_000)
})

it('what was approved while the clock ran ahead by hours is not held up by a restart with a clock that is right', async () => {
  const inner = virtualClock(start)
  let ahead = 0
  const clock = { ...inner, now: () => inner.now() + ahead }
  const target = memoryTarget({ name: 'mes' })
  const policy = auto({ status: 'awaiting-approval' })
  const first = await withHold({ targets: { mes: target }, clock, policy })
  ahead = 5 * 3_600_000
  target.failNext('unavailable')
  await first.andon.actions.approve(first.id, signature)
  await vi.waitUntil(async () => (await first.action())?.status === 'retrying')
  // As a process leaves it that is killed.
  const data = `${first.data}-killed`
  cpSync(first.data, data, { recursive: true })
  onTestFinished(() => rmSync(data, { recursive: true }))
  const again = await runLoop({
    rules: hold,
    targets: { mes: target },
    policy,
    clock: virtualClock(start),
    data,
  })
  await advanceUntil(again, () => target.effects().length === 1)
  expect(again.clock.now()).toBeLessThan(start + 60_000)
})

it('a clock that is set back by hours while it runs holds no grace up', async () => {
  const inner = virtualClock(start)
  let behind = 0
  const clock = { ...inner, now: () => inner.now() - behind }
  const target = memoryTarget({ name: 'mes' })
  const loop = await runLoop({
    ...{ rules: hold, targets: { mes: target }, policy: auto({ graceMs: 15_000 }), clock },
  })
  await complain(loop)
  behind = 5 * 3_600_000
  await advanceUntil(loop, () => target.effects().length === 1)
  expect(inner.now()).toBeGreaterThan(start + 15_000)
  expect(inner.now()).toBeLessThan(start + 60_000)
})
