import { cpSync } from 'node:fs'
import { parseRules, type Signal } from '@andon/core'
import { ruleVersion } from '@andon/core/rule'
import { expect, it } from 'vitest'
import { advanceUntil, dataFolder, type Loop, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const wave = (threshold: number, severity = 5): string =>
  `CREATE RULE wave AS SELECT COUNT(*) AS n FROM feedbacks WHERE severity_score > ${severity}
   GROUP BY product_model WINDOW SLIDING INTERVAL '1 day' HAVING COUNT(*) >= ${threshold} ESCALATE TO team;`
const grave = 'CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9 ESCALATE TO safety;'

let sent = 0

/** Sends complaints and lets everything that follows from them happen. */
async function complain({ andon }: Pick<Loop, 'andon'>, times: number, severity = 7): Promise<void> {
  for (let i = 0; i < times; i++) {
    sent++
    await andon.ingest(webPayload({ id: `live-${sent}`, at: start + sent, severity, serial: `SN-${sent}` }))
  }
  await andon.settled()
}

const only = (text: string) => {
  const [rule] = parseRules(text)
  if (rule === undefined) throw new Error('no rule')
  return rule
}

const named = (signals: readonly Signal[], rule: string): Signal | undefined =>
  signals.find((signal) => signal.rule === rule)

it('a rule added to a running loop finds what comes from then on, and the windows of others stay', async () => {
  const loop = await runLoop({ rules: wave(3) })
  await complain(loop, 2)
  expect(await loop.andon.rules.put(only(grave))).toMatchObject({ change: 'added', keeps: 'nothing' })
  await complain(loop, 1, 9.5)
  const signals = await loop.andon.signals.list()
  expect(named(signals, 'grave')?.firings).toBe(1)
  expect(named(signals, 'wave')?.facts).toMatchObject({ n: 3 })
})

it('large batches, which threads read, are matched against the new rules, too', async () => {
  const loop = await runLoop({ rules: wave(1000) })
  const batch = () =>
    Array.from({ length: 200 }, () => {
      sent++
      return webPayload({ id: `live-${sent}`, at: start + sent, severity: 9.5, serial: `SN-${sent}` })
    })
  await loop.andon.ingest(batch())
  await loop.andon.rules.put(only(grave))
  await loop.andon.ingest(batch())
  await loop.andon.settled()
  expect(named(await loop.andon.signals.list(), 'grave')?.firings).toBe(200)
})

it('a changed rule says what it keeps: windows when it judges them in another way', async () => {
  const loop = await runLoop({ rules: wave(5) })
  await complain(loop, 2)
  const change = await loop.andon.rules.put(only(wave(3)))
  expect(change).toMatchObject({ rule: 'wave', change: 'changed', keeps: 'windows' })
  expect(change.note.en).toContain('windows')
  expect(change.note.zh).toContain('窗口')
  await complain(loop, 1)
  expect(named(await loop.andon.signals.list(), 'wave')?.facts).toMatchObject({ n: 3 })
})

it('a changed rule says what it keeps: everything when only its action is another', async () => {
  const loop = await runLoop({ rules: wave(2) })
  await complain(loop, 2)
  const other = only(wave(2).replace('TO team', 'TO plant'))
  expect(await loop.andon.rules.put(other)).toMatchObject({ keeps: 'everything' })
  await complain(loop, 1)
  // It was firing already, and still is: no second rising edge.
  expect(named(await loop.andon.signals.list(), 'wave')?.firings).toBe(1)
})

it('after a crash the rule that was changed has seen no more than before it', async () => {
  const loop = await runLoop({ rules: wave(3) })
  await complain(loop, 2)
  const changed = wave(3, 4)
  expect(await loop.andon.rules.put(only(changed))).toMatchObject({ keeps: 'nothing' })
  const crashed = dataFolder()
  cpSync(loop.data, crashed, { recursive: true })
  const again = await runLoop({ rules: changed, data: crashed })
  await complain(again, 2)
  expect(await again.andon.signals.list()).toEqual([])
  await complain(again, 1)
  expect(named(await again.andon.signals.list(), 'wave')?.facts).toMatchObject({ n: 3 })
})

it('a removed rule finds nothing any more', async () => {
  const loop = await runLoop({ rules: `${wave(3)}\n${grave}` })
  expect(await loop.andon.rules.remove('grave')).toBe(true)
  expect(await loop.andon.rules.remove('grave')).toBe(false)
  await complain(loop, 1, 9.5)
  expect(await loop.andon.signals.list()).toEqual([])
  expect(loop.andon.rules.list().map(({ rule }) => rule.name)).toEqual(['wave'])
})

it('a rule that cannot work here is refused, and nothing changes', async () => {
  const loop = await runLoop({ rules: wave(3) })
  const hold = only(
    "CREATE RULE h AS SELECT * FROM feedbacks THEN material.hold (batch = 'B', reason = 'r') ON sap;",
  )
  await expect(loop.andon.rules.put(hold)).rejects.toMatchObject({ code: 'OPTIONS_INVALID' })
  const dependent = `${wave(3)}\n${wave(2).replace('wave', 'w2').replace('ESCALATE', 'INHIBITED BY wave ESCALATE')}`
  const inhibited = parseRules(dependent)[1]
  if (inhibited === undefined) throw new Error('no rule')
  await loop.andon.rules.put(inhibited)
  await expect(loop.andon.rules.remove('wave')).rejects.toMatchObject({ code: 'OPTIONS_INVALID' })
  expect(loop.andon.rules.list()).toHaveLength(2)
})

it('changes that are asked for at the same time are checked one after the other', async () => {
  const loop = await runLoop({ rules: wave(3) })
  const dependent = `${wave(2).replace('wave', 'w2').replace('ESCALATE', 'INHIBITED BY wave ESCALATE')}\n${wave(3)}`
  const [put, remove] = await Promise.allSettled([
    loop.andon.rules.put(only(dependent)),
    loop.andon.rules.remove('wave'),
  ])
  expect(put).toMatchObject({ status: 'fulfilled', value: { change: 'added' } })
  expect(remove).toMatchObject({ status: 'rejected', reason: { code: 'OPTIONS_INVALID' } })
  expect(loop.andon.rules.list().map(({ rule }) => rule.name)).toEqual(['wave', 'w2'])
})

it('rules that come one by one cannot inhibit one another in a circle, nor be inhibited by one without HAVING', async () => {
  const w2 = wave(2).replace('wave', 'w2').replace('ESCALATE', 'INHIBITED BY wave ESCALATE')
  const loop = await runLoop({ rules: `${wave(3)}\n${w2}` })
  const circle = `${wave(3).replace('ESCALATE', 'INHIBITED BY w2 ESCALATE')}\n${wave(2).replace('wave', 'w2')}`
  await expect(loop.andon.rules.put(only(circle))).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    details: { problem: '"w2", "wave" inhibit one another in a circle' },
  })
  await expect(loop.andon.rules.put(only(grave.replace('grave', 'wave')))).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    details: { problem: expect.stringContaining('no HAVING') },
  })
})

it('what a rule held back is told without further feedback when that rule is changed', async () => {
  const dependent = wave(2).replace('wave', 'w2').replace('ESCALATE', 'INHIBITED BY wave ESCALATE')
  const loop = await runLoop({ rules: `${wave(2)}\n${dependent}` })
  await complain(loop, 3)
  expect((await loop.andon.signals.list()).map(({ rule }) => rule)).toEqual(['wave'])
  await loop.andon.rules.put(only(wave(20)))
  await advanceUntil(loop, async () => (await loop.andon.signals.list()).length > 1)
  expect(named(await loop.andon.signals.list(), 'w2')?.openedAt).toBe(start)
})

it('every signal carries the version of the rule at its latest firing', async () => {
  const loop = await runLoop({ rules: grave })
  await complain(loop, 1, 9.5)
  const before = only(grave)
  expect(named(await loop.andon.signals.list(), 'grave')?.ruleVersion).toBe(ruleVersion(before))
  const after = only(grave.replace('> 9', '> 8'))
  await loop.andon.rules.put(after)
  await complain(loop, 1, 9.5)
  expect(named(await loop.andon.signals.list(), 'grave')?.ruleVersion).toBe(ruleVersion(after))
  expect(ruleVersion(after)).not.toBe(ruleVersion(before))
  expect(loop.andon.rules.list()).toEqual([{ rule: after, version: ruleVersion(after) }])
})
