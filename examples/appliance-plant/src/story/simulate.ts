import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { type Action, createAndon, type Signal } from '@andon/core'
import type { PlantState, S4HanaState } from '@andon/testkit'
import { day, end, hour, start, step } from '../calendar.js'
import { type LeapClock, leapClock } from '../clock.js'
import type { Message, Payload } from '../customers/message.js'
import { broken } from '../payloads/broken.js'
import { writers } from '../payloads/payloads.js'
import { type Draw, drawFrom } from '../random.js'
import { openSite } from '../world/site.js'
import { type Figures, openWorld } from '../world/world.js'
import { countComplaint, countFeedback, type Ledger, openLedger } from './ledger.js'
import { storyRules } from './rules.js'
import { shippingRecords } from './shipping-records.js'
import { type Stopwatch, stopwatch } from './stopwatch.js'

/** What whoever looks on may see. */
export interface Scene {
  readonly seed: number
  readonly now: number
  readonly ledger: Ledger
  readonly watch: Stopwatch
  readonly figures: Readonly<Figures>
  plant(): PlantState
  /** By id, as they stand. */
  readonly signals: ReadonlyMap<string, Signal>
  readonly actions: ReadonlyMap<string, Action>
}

export interface Audience {
  signal?(signal: Signal, scene: Scene): void
  action?(action: Action, scene: Scene): void
  /** After every step; what it waits for slows the simulation down. */
  step?(scene: Scene): Promise<void> | void
}

export interface Outcome extends Scene {
  readonly plantBefore: PlantState
  readonly plantAfter: PlantState
  readonly sapAfter: S4HanaState
  /** What Andon reported as going wrong inside; empty when all is well. */
  readonly errors: readonly string[]
}

/** What left the plant before an action is still on its way, or fails later: the test of its effect waits for it. */
const settleMs = 3 * day

/**
 * Runs the whole story. Everything but the measured milliseconds follows from the seed.
 *
 * @throws the signal's reason when it aborts; plant, engine and their files are gone by then
 */
export async function simulate(
  seed: number,
  audience: Audience = {},
  signal?: AbortSignal,
): Promise<Outcome> {
  const clock = leapClock(start)
  const data = await mkdtemp(join(tmpdir(), 'andon-demo-'))
  const site = await openSite(clock)
  const records = shippingRecords()
  const ledger = openLedger()
  const watch = stopwatch()
  const signals = new Map<string, Signal>()
  const actions = new Map<string, Action>()
  const errors: string[] = []
  const plantBefore = site.plant()
  const targets = site.targets()
  const andon = createAndon({
    channels: standardChannels().map(records.complete),
    rules: storyRules(),
    targets,
    mode: 'auto',
    data,
    clock,
    verification: { settleMs, windowMs: day, minimumEffect: 0.5 },
  })
  const world = openWorld(seed, site.terminal, records.add)
  const scene: Scene = {
    ...{ seed, ledger, watch, signals, actions, figures: world.figures, plant: () => site.plant() },
    get now() {
      return clock.now()
    },
  }

  andon.on('feedback', (feedback) => countFeedback(ledger, feedback))
  andon.on('quarantined', (record) => ledger.quarantined.push(record))
  andon.on('error', (error) => errors.push(error.message))
  andon.on('warning', ({ text }) => errors.push(text.en))
  andon.on('signal', (changed) => {
    signals.set(changed.id, changed)
    audience.signal?.(changed, scene)
  })
  andon.on('action', (action) => {
    if (action.status === 'succeeded') watch.succeeded(action)
    actions.set(action.id, action)
    audience.action?.(action, scene)
  })

  try {
    await andon.start()
    for (const [name, target] of Object.entries(targets)) {
      const { ok, detail = '' } = await target.check()
      if (!ok) errors.push(`${name} is not well: ${detail}`)
    }
    const post = poster(seed, andon, ledger, watch)
    for (let now = start; now < end; now += step) {
      signal?.throwIfAborted()
      const messages = await world.live(now, now + step)
      await leap(clock, now + step)
      await post(messages, now + step)
      // Time stands still until every action of this step is done: its deadline runs on the same clock.
      await andon.settled()
      await audience.step?.(scene)
    }
    return { ...scene, now: end, plantBefore, plantAfter: site.plant(), sapAfter: site.sap(), errors }
  } finally {
    await andon.close()
    await site.close()
    await rm(data, { recursive: true, force: true })
  }
}

/** Moves time on and lets what falls due begin. */
async function leap(clock: LeapClock, to: number): Promise<void> {
  clock.leapTo(to)
  await new Promise((resolve) => setImmediate(resolve))
}

interface Letter {
  readonly payload: Payload
  readonly message?: Message
  readonly isBroken?: boolean
  readonly isRepeated?: boolean
}

type Ingest = Pick<ReturnType<typeof createAndon>, 'ingest'>

/** Posts what was written, with the platforms' own sins: repeats, and now and then something broken. */
function poster(
  seed: number,
  andon: Ingest,
  ledger: Ledger,
  watch: Stopwatch,
): (messages: readonly Message[], now: number) => Promise<void> {
  let repeats: readonly Letter[] = []
  let spoilt = 0

  const spoil = (draw: Draw, now: number): readonly Letter[] => {
    // About three a day, each kind in turn.
    if (!draw.chance((3 * step) / (24 * hour))) return []
    const make = broken[spoilt % broken.length] ?? broken[0]
    spoilt += 1
    return [{ payload: make(spoilt, now), isBroken: true }]
  }

  return async (messages, now) => {
    const draw = drawFrom(seed, `post/${now}`)
    const fresh = messages.map((message): Letter => ({ payload: writers[message.channel](message), message }))
    const letters = [...fresh, ...repeats, ...spoil(draw, now)]
    repeats = fresh.filter(() => draw.chance(0.03)).map((letter) => ({ ...letter, isRepeated: true }))
    if (letters.length === 0) return
    const ingested = watch.ingesting(now)
    const results = await andon.ingest(letters.map(({ payload }) => payload))
    ingested(results)
    for (const letter of letters) {
      if (letter.isBroken === true) ledger.broken.sent += 1
      if (letter.isRepeated === true) ledger.duplicates.sent += 1
    }
    for (const { status, id, payload } of results) {
      const letter = letters[payload]
      if (status === 'duplicate') ledger.duplicates.recognised += 1
      if (status === 'accepted' && letter?.message !== undefined) countComplaint(ledger, letter.message)
      if (status !== 'quarantined') continue
      if (letter?.isBroken === true) ledger.broken.caught += 1
      else ledger.unexpected.push(...ledger.quarantined.filter((record) => record.id === id))
    }
  }
}
