import { createAndon, defineChannel, parseRules } from '@andon/core'
import type { Store } from '@andon/core/connector'
import { memoryStorage, memoryStore, virtualClock } from '@andon/testkit'
import { type Machines, machines } from './machines.ts'
import { seeded } from './random.mjs'

/** The bounds of one proposed change, and what becomes of the machine's parameter while it lives. */
export interface TuningReport {
  readonly actions: number
  readonly changes: number
  readonly reversals: number
  readonly refused: number
  readonly waited: number
  /** What broke a bound, in words; empty when none did. */
  readonly problems: readonly string[]
}

/** The policy's own bounds; an action may carry tighter or wider ones. */
const policyBounds = { low: 20, high: 80, maxStep: 6, dwellMs: 30_000 }
const equipment = ['IM-04', 'IM-05']
const parameters = ['temperature', 'pressure']

/** A channel that takes what it is given: the parameters of a change stand in its attributes. */
const tuningChannel = defineChannel({
  name: 'web',
  detect: () => true,
  parse: ({ text }) => {
    const { id, at, ...attributes } = JSON.parse(text)
    return [
      {
        sourceMessageId: id,
        receivedAt: new Date(at).toISOString(),
        symptomText: 'The doors grind.',
        customerRole: 'consumer',
        language: 'en',
        ...{ productCategory: 'refrigerator', productLine: 'P', productModel: 'KX-500' },
        attributes,
      },
    ]
  },
})

const rules = parseRules(`CREATE RULE tune AS
SELECT * FROM feedbacks
THEN parameter.adjust (equipment = attributes.equipment, parameter = attributes.parameter, to = attributes.to, unit = 'Cel',
  low = attributes.low, high = attributes.high, max_step = attributes.step, dwell = attributes.dwell,
  expiry = attributes.expiry, reason = 'tuning') ON mes`)

/**
 * Random changes of four parameters of two machines that have no limits of their own: proposed, tried again, taken back
 * by hand and by time, stopped, with a target that fails in every way, operators who turn knobs, and restarts.
 */
async function tune(seed: number, count: number): Promise<TuningReport> {
  const random = seeded(seed)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const clock = virtualClock(Date.UTC(2026, 2, 1))
  const began = clock.now()
  const plant = machines({
    values: Object.fromEntries(equipment.map((id) => [id, { temperature: 50, pressure: 40 }])),
    now: () => clock.now(),
    observes: seed % 5 !== 0,
  })
  const touched: Machines['changes'][number][] = []
  plant.trouble(() => {
    const dice = random()
    if (dice < 0.1) return 'down'
    if (dice < 0.2) return 'done-but-silent'
    if (dice < 0.23) return 'refuse'
    return dice < 0.26 ? 'not-done' : undefined
  })
  const storage = memoryStorage()
  const open = async () => {
    const store: Store = memoryStore({ storage })
    const andon = createAndon({
      channels: [tuningChannel],
      rules,
      targets: { mes: plant.target },
      store,
      clock,
      customerKey: 'one key for all these runs',
      policy: () => ({
        status: 'approved',
        note: { en: 'Automatic.', zh: '自动执行。' },
        limits: { parameters: parameters.map((parameter) => ({ parameter, unit: 'Cel', ...policyBounds })) },
      }),
      limits: { readers: 0, maxAttempts: 4 },
    })
    await andon.start()
    return andon
  }
  let andon = await open()
  for (let made = 0; made < count; ) {
    const some = Math.min(count - made, 1 + Math.floor(random() * 8))
    const proposals = Array.from({ length: some }, (_, index) => {
      const at = equipment[Math.floor(random() * 2)] ?? ''
      const parameter = pick(parameters)
      const stands = plant.value(at, parameter) ?? 50
      const [low, high] = [10 + Math.floor(random() * 30), 60 + Math.floor(random() * 40)]
      const to = Math.round((stands + (random() - 0.5) * 10) * 10) / 10
      const dwell = pick([0, 5, 60, 300])
      const expiry = pick([null, null, 20, 600])
      return {
        body: JSON.stringify({
          ...{ id: `p-${seed}-${made + index}`, at: clock.now(), equipment: at, parameter, low, high, dwell },
          ...{ to: Math.min(high, Math.max(low, to)), step: pick([1, 3, 6, 10]) },
          ...(expiry === null ? {} : { expiry }),
        }),
      }
    })
    made += some
    await andon.ingest(proposals)
    await andon.settled()
    const dice = random()
    if (dice < 0.1) {
      const [at, parameter] = [pick(equipment), pick(parameters)]
      const from = plant.value(at, parameter) ?? 0
      const to = Math.round((from + (random() - 0.5) * 10) * 10) / 10
      plant.set(at, parameter, to)
      touched.push({ equipment: at, parameter, from, to, at: clock.now(), action: 'operator' })
    } else if (dice < 0.4) {
      for (const { id } of (await andon.actions.list({ status: ['succeeded'], limit: 50 })).filter(
        () => random() < 0.2,
      ))
        await andon.actions.revert(id, 'taken back').catch(() => undefined)
      for (const { id } of (await andon.actions.list({ status: ['dead'], limit: 20 })).filter(
        () => random() < 0.3,
      ))
        await andon.actions.replay(id)
      for (const { id } of (await andon.actions.list({ status: ['approved', 'retrying'], limit: 20 })).filter(
        () => random() < 0.1,
      ))
        await andon.actions.cancel(id, 'not any more').catch(() => undefined)
    } else if (dice < 0.42) {
      await andon.close()
      andon = await open()
    }
    await clock.advance(Math.floor(random() ** 4 * 400_000))
    await andon.settled()
  }
  await andon.settled()
  const actions = [...storage.actions.values()]
  await andon.close()
  return {
    actions: actions.length,
    changes: plant.changes.length,
    reversals: plant.changes.filter(({ action }) => action.endsWith(':revert')).length,
    refused: actions.filter(({ status }) => status === 'refused').length,
    waited: actions.filter(({ decisions }) => decisions.some(({ outcome }) => outcome === 'wait')).length,
    problems: broken(plant, touched, storage.actions, began),
  }
}

function broken(
  plant: Machines,
  byHand: readonly Machines['changes'][number][],
  actions: ReadonlyMap<string, { readonly params: Readonly<Record<string, unknown>> }>,
  began: number,
): readonly string[] {
  const last = new Map<string, number>()
  const all = [...plant.changes, ...byHand].sort((left, right) => left.at - right.at)
  return all.flatMap(({ equipment: at, parameter, from, to, at: instant, action }) => {
    const key = `${at}/${parameter}`
    const before = last.get(key)
    last.set(key, instant)
    if (action === 'operator') return []
    const { low, high, max_step, dwell } = actions.get(action.replace(/:revert$/, ''))?.params ?? {}
    const [lowest, highest] = [
      Math.max(policyBounds.low, Number(low)),
      Math.min(policyBounds.high, Number(high)),
    ]
    const step = Math.min(policyBounds.maxStep, Number(max_step))
    const rest = Math.max(policyBounds.dwellMs, Number(dwell) * 1000)
    const said = `${action} set ${key} from ${from} to ${to} at +${(instant - began) / 1000} s`
    return [
      ...(to < lowest || to > highest ? [`${said}: outside ${lowest} to ${highest}`] : []),
      ...(Math.abs(to - from) > step + 1e-9 ? [`${said}: further than ${step}`] : []),
      ...(before !== undefined && instant - before < rest
        ? [`${said}: ${(instant - before) / 1000} s after the last change, not ${rest / 1000} s`]
        : []),
    ]
  })
}

const perSequence = 100

/** Sequences of 100 actions, each from a seed of its own: a problem names the seed that makes it again. */
export async function tuneMany({
  seed,
  actions,
  progress = () => undefined,
}: {
  readonly seed: number
  readonly actions: number
  readonly progress?: (done: TuningReport) => void
}): Promise<TuningReport> {
  let total: TuningReport = { actions: 0, changes: 0, reversals: 0, refused: 0, waited: 0, problems: [] }
  for (let next = seed; total.actions < actions; next++) {
    const report = await tune(next, Math.min(perSequence, actions - total.actions))
    total = {
      actions: total.actions + report.actions,
      changes: total.changes + report.changes,
      reversals: total.reversals + report.reversals,
      refused: total.refused + report.refused,
      waited: total.waited + report.waited,
      problems: [...total.problems, ...report.problems.map((problem) => `seed ${next}: ${problem}`)],
    }
    progress(total)
  }
  return total
}
