import { standardChannels } from '@andon/channels'
import { createAndon, parseRules } from '@andon/core'
import type { Action, RawPayload, Signal, Store } from '@andon/core/connector'
import { memoryStore, memorySystem, memoryTarget, type VirtualClock, virtualClock } from '@andon/testkit'
import { type Fleet, fleetOf, type Member } from './fleet.ts'
import { type Plan, planOf, type Step, stormBegins, type Trouble } from './plan.ts'
import { certainOf, stormRules } from './rules.ts'

export interface StormRun {
  readonly seed: number
  /** What differs from the undisturbed run; empty: nothing. */
  readonly problems: readonly string[]
  readonly feedbacks: number
  readonly signals: number
  readonly actions: number
  readonly troubles: Readonly<Partial<Record<Trouble, number>>>
}

/** What came in, and when it was first on the bus. */
interface Taken {
  readonly at: number
  readonly payloads: readonly RawPayload[]
}

const options = (plan: Plan) => ({
  channels: standardChannels(),
  rules: parseRules(stormRules),
  mode: 'auto' as const,
  customerKey: 'one key for all of them',
  limits: { readers: 0, snapshotEvery: plan.snapshotEvery },
})

/** Everything that time alone brings about has happened by then (ms). */
const afterwardsMs = 90_000
const closingMs = 10_000

/** Workers that come, go, die and cannot reach what they need, against one process that nothing happens to. */
export async function runStorm(seed: number): Promise<StormRun> {
  const plan = planOf(seed)
  const clock = virtualClock(stormBegins)
  const fleet = await fleetOf(plan, clock, options(plan))
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  try {
    for (let worker = 0; worker < plan.workers; worker++) await settled(clock, fleet.join().started)
    const { taken, troubles } = await live(plan, fleet, clock)
    for (const { down } of fleet.members) Object.assign(down, { store: 0, bus: 0, lostAnswers: false })
    if (living(fleet).length === 0) await settled(clock, fleet.join().started)
    await clock.advance(afterwardsMs)
    const wanted = await undisturbed(plan, taken, clock.now())
    let problems = differences(wanted, await outcomeOf(fleet.store, fleet.system))
    // Takeovers, retries and open circuits take their time.
    for (let waits = 0; problems.length > 0 && waits < 40; waits++) {
      await clock.advance(5000)
      problems = differences(wanted, await outcomeOf(fleet.store, fleet.system))
    }
    const hanging = await closed(fleet, clock)
    return {
      seed,
      problems: [
        ...problems,
        ...hanging.map((name) => `${name} does not close`),
        ...unhandled.map((reason) => `unhandled: ${String(reason)}`),
      ],
      feedbacks: taken.reduce((sum, { payloads }) => sum + payloads.length, 0),
      signals: wanted.signals.length,
      actions: wanted.actions.length,
      troubles,
    }
  } finally {
    process.off('unhandledRejection', note)
  }
}

/** One line about a run. */
export const told = ({ seed, problems, feedbacks, signals, actions, troubles }: StormRun): string =>
  `seed ${seed}: ${feedbacks} feedbacks, ${signals} signals, ${actions} actions; ${JSON.stringify(troubles)}` +
  (problems.length === 0 ? '' : `\n  ${problems.slice(0, 12).join('\n  ')}`)

const living = ({ members }: Fleet): readonly Member[] => members.filter(({ isGone }) => !isGone)

async function live(
  plan: Plan,
  fleet: Fleet,
  clock: VirtualClock,
): Promise<{ readonly taken: readonly Taken[]; readonly troubles: StormRun['troubles'] }> {
  const taken: Taken[] = []
  const counts: Partial<Record<Trouble, number>> = {}
  const ending: { readonly at: number; readonly end: () => void }[] = []
  for (const [index, { step, thenMs }] of plan.steps.entries()) {
    for (const { end } of ending.filter(({ at }) => at === index)) end()
    if (step.kind === 'feedback') taken.push(await ingested(step.payloads, plan, fleet, clock))
    else {
      counts[step.trouble] = (counts[step.trouble] ?? 0) + 1
      ending.push({ at: index + step.steps, end: await befall(step, plan, fleet, clock) })
    }
    await clock.advance(thenMs)
  }
  return { taken, troubles: counts }
}

/** Tries one worker after the other until one has taken it in, as a client does. */
async function ingested(
  payloads: readonly RawPayload[],
  { random }: Plan,
  fleet: Fleet,
  clock: VirtualClock,
): Promise<Taken> {
  let first: number | undefined
  for (;;) {
    const able = living(fleet)
    const member = able[Math.floor(random() * able.length)] ?? fleet.join()
    await settled(clock, member.started)
    member.published = undefined
    try {
      await member.andon.ingest(payloads)
      return { at: first ?? member.published ?? clock.now(), payloads }
    } catch {
      first ??= member.published
      Object.assign(member.down, { bus: 0, lostAnswers: random() < 0.5 && member.down.lostAnswers })
      await clock.advance(100)
    }
  }
}

/** @returns what ends it */
async function befall(
  { trouble }: Extract<Step, { kind: 'trouble' }>,
  { random }: Plan,
  fleet: Fleet,
  clock: VirtualClock,
): Promise<() => void> {
  const able = living(fleet)
  const member = able[Math.floor(random() * able.length)]
  if (trouble === 'join' || member === undefined) {
    if (able.length < 4) await settled(clock, fleet.join().started)
    return () => undefined
  }
  switch (trouble) {
    case 'die':
      member.die()
      break
    case 'vanish':
      member.vanish()
      break
    case 'leave':
      member.isGone = true
      await settled(clock, member.andon.close())
      break
    case 'store-down':
    case 'store-flaky':
      member.down.store = trouble === 'store-down' ? 1 : 0.2
      return () => {
        member.down.store = 0
      }
    case 'bus-down':
    case 'bus-flaky':
      member.down.bus = trouble === 'bus-down' ? 1 : 0.3
      return () => {
        member.down.bus = 0
      }
    case 'lost-answers':
      member.down.lostAnswers = true
      return () => {
        member.down.lostAnswers = false
      }
    case 'target-fails':
      member.failNext()
  }
  return () => undefined
}

/** Moves time on until a promise is settled; one that never is counts as settled after some minutes. */
async function settled(clock: VirtualClock, work: Promise<unknown>): Promise<boolean> {
  let isDone = false
  work
    .catch(() => undefined)
    .finally(() => {
      isDone = true
    })
  for (let waited = 0; waited < 300_000; waited += 250) {
    await clock.advance(0)
    if (isDone) return true
    await clock.advance(250)
  }
  return isDone
}

/** @returns who does not come to an end */
async function closed({ members, store }: Fleet, clock: VirtualClock): Promise<readonly string[]> {
  const hanging: string[] = []
  for (const { name, andon } of members) {
    const closing = andon.close()
    const isOver = await Promise.race([settled(clock, closing), overAfter(closingMs)])
    if (!isOver) hanging.push(name)
  }
  await store.close()
  return hanging
}

const overAfter = (milliseconds: number): Promise<false> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(false), milliseconds).unref()
  })

interface Outcome {
  readonly signals: readonly string[]
  readonly actions: readonly string[]
  readonly effects: readonly string[]
}

/** The same feedback at the same instants through one process. */
async function undisturbed(plan: Plan, taken: readonly Taken[], until: number): Promise<Outcome> {
  const clock = virtualClock(stormBegins)
  const store = memoryStore({ clock })
  const system = memorySystem()
  const andon = createAndon({
    ...options(plan),
    ...{ clock, store, targets: { plant: memoryTarget({ system }) } },
  })
  await andon.start()
  for (const { at, payloads } of taken) {
    await clock.advanceTo(at)
    await andon.ingest(payloads)
    await andon.settled()
  }
  await clock.advanceTo(until)
  await andon.settled()
  const outcome = await outcomeOf(store, system)
  await settled(clock, andon.close())
  return outcome
}

async function outcomeOf(store: Store, system: ReturnType<typeof memorySystem>): Promise<Outcome> {
  const actionText = ({ kind, target, params }: Action): string => JSON.stringify([kind, target, params])
  const all = ['fingerprint', 'firings', 'occurrences', 'severity', 'status'] as const
  const signalText = (signal: Signal): string =>
    JSON.stringify((certainOf[signal.rule] ?? all).map((member) => signal[member]))
  const [signals, actions] = await Promise.all([
    store.signals.list({ limit: 10_000 }),
    store.actions.list({ limit: 10_000 }),
  ])
  return {
    signals: signals.map(signalText).toSorted(),
    actions: actions.map((action) => `${actionText(action)} ${action.status}`).toSorted(),
    effects: [...system.effects.values()].map(({ action }) => actionText(action)).toSorted(),
  }
}

/** What is too much, and what is missing; each as often as it is. */
function differences(wanted: Outcome, found: Outcome): readonly string[] {
  return (['signals', 'actions', 'effects'] as const).flatMap((what) => {
    const missing = [...wanted[what]]
    const surplus = found[what].filter((one) => {
      const index = missing.indexOf(one)
      if (index >= 0) missing.splice(index, 1)
      return index < 0
    })
    return [
      ...missing.map((one) => `${what}: missing ${one}`),
      ...surplus.map((one) => `${what}: surplus ${one}`),
    ]
  })
}
