import { type Action, type ExecuteContext, type Receipt, silentLogger } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { type LoggedRequest, type SimulatorFault, sampleAction, virtualClock } from '@andon/testkit'
import { seeded } from '../random.mjs'
import type { Dice, RunningSystem, StartSystem, StormTarget } from './system.ts'

export interface StormReport {
  readonly sequences: number
  readonly actions: number
  readonly attempts: number
  readonly done: number
  readonly refused: number
  readonly reverted: number
  readonly requests: number
  readonly faults: number
  /** Where a system is not as the receipts say, in words; empty when it is. */
  readonly problems: readonly string[]
}

const timeoutMs = 1_000
const mostAttempts = 200
/** More requests than any target has open at the same time. */
const atOnce = 16
const steps = 20

function diceOf(seed: number): Dice {
  const random = seeded(seed)
  const pick = <T>(values: readonly [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0]
  return Object.assign(() => random(), { pick, chance: (share: number) => random() < share })
}

/** Credentials that were turned away for no reason: people look, find nothing, and ask again. */
const turnedAway = (last: LoggedRequest | undefined): boolean =>
  last?.fault === '401' || last?.fault === 'token-expired'

/** Refusals that nobody meant. */
const refusals: readonly (SimulatorFault | undefined)[] = [
  '403',
  '404',
  'batch-change-refused',
  'batch-read-refused',
]

/** Ends a wait of the target for what never comes. */
async function awaited<T>(
  promise: Promise<T>,
  { simulator }: RunningSystem,
  clock: ReturnType<typeof virtualClock>,
  met: Set<LoggedRequest>,
): Promise<T> {
  let over = false
  const done = promise.finally(() => {
    over = true
  })
  done.catch(() => undefined)
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve))
    // A target may ask several things at once: the one that is never answered need not be the latest.
    const silent = simulator.requests.slice(-atOnce).find((one) => one.outcome === 'silence' && !met.has(one))
    if (silent === undefined) continue
    met.add(silent)
    // Time goes by only while nobody answers: no slow machine makes a time-out of its own.
    await clock.advance(timeoutMs + 1)
  }
  return done
}

/** One system, one target after the other, some twenty actions and reversals, and faults at any request. */
async function storm(start: StartSystem, seed: number): Promise<StormReport> {
  const dice = diceOf(seed)
  const clock = virtualClock()
  const running = await start({ seed, dice, clock, timeoutMs })
  const { simulator } = running
  const share = 0.1 + 0.3 * dice()
  const rates = Object.fromEntries(running.faults.map((fault) => [fault, share / running.faults.length]))
  const problems: string[] = []
  const counts = { actions: 0, attempts: 0, done: 0, refused: 0, reverted: 0 }
  const met = new Set<LoggedRequest>()
  let target: StormTarget = running.open()

  /** As the engine does: again while the error says so. Otherwise says who refused it. */
  async function persistent(
    what: string,
    attempt: (context: ExecuteContext) => Promise<Receipt>,
  ): Promise<Receipt | 'refused' | 'refused by a fault'> {
    for (let number = 1; number <= mostAttempts; number += 1) {
      counts.attempts += 1
      if (dice.chance(0.05)) {
        await target.close()
        target = running.open()
      }
      const signal = new AbortController().signal
      const before = simulator.requestCount
      try {
        const context = { attempt: number, signal, clock, logger: silentLogger }
        return await awaited(attempt(context), running, clock, met)
      } catch (error) {
        if (!isAndonError(error)) problems.push(`${what}: not an AndonError: ${String(error)}`)
        // Several requests may be on their way at once: the one that was turned away need not be the latest.
        else if (!error.retryable && error.details.status !== 401 && !turnedAway(simulator.requests.at(-1))) {
          const sent = simulator.requests.slice(simulator.requests.length - (simulator.requestCount - before))
          if (!sent.some(({ fault }) => refusals.includes(fault))) return 'refused'
          // An earlier try may have done it: nobody may leave it at that.
          if (number === 1) return 'refused by a fault'
        }
      }
    }
    problems.push(`${what}: no end after ${mostAttempts} attempts`)
    return 'refused'
  }

  const succeeded: { readonly action: Action; readonly receipt: Receipt }[] = []

  async function revertOne(): Promise<void> {
    const [one] = succeeded.splice(Math.floor(dice() * succeeded.length), 1)
    if (one === undefined) return
    const { action, receipt } = one
    const undone = await persistent(`revert of ${action.id}`, (context) =>
      target.revert(action, receipt, context),
    )
    if (typeof undone === 'string') {
      // It stands. Sometimes people ask again later, and sometimes they leave it.
      if (undone === 'refused by a fault' && dice.chance(0.7)) succeeded.push(one)
      return
    }
    counts.reverted += 1
    running.undid(action, receipt, undone)
  }

  async function executeOne(index: number): Promise<void> {
    const action = sampleAction(index, { id: `storm ${seed}/${index}`, ...running.next(dice) })
    counts.actions += 1
    const attempt = (context: ExecuteContext) => target.execute(action, context)
    let receipt = await persistent(action.id, attempt)
    if (receipt === 'refused by a fault' && dice.chance(0.3)) receipt = await persistent(action.id, attempt)
    if (typeof receipt === 'string') {
      counts.refused += 1
      running.refused(action)
      return
    }
    counts.done += 1
    running.did(action, receipt)
    succeeded.push({ action, receipt })
  }

  simulator.faults.set({ rates })
  for (let index = 0; index < steps; index += 1) {
    if (dice.chance(0.15)) running.people(dice)
    if (succeeded.length > 0 && dice.chance(0.3)) await revertOne()
    else await executeOne(index)
  }
  // Only when nothing is left of what was done, it shows whether something was left behind.
  while (succeeded.length > 0 && seed % 2 === 0) await revertOne()
  simulator.faults.clear()
  problems.push(...(await running.differences(target)))
  await target.close()
  const faults = simulator.requests.filter(({ fault }) => fault !== undefined).length
  const requests = simulator.requestCount
  await simulator.close()
  return {
    ...{ ...counts, sequences: 1, requests, faults },
    problems: problems.map((problem) => `seed ${seed}: ${problem}`),
  }
}

/** Many storms, one after the other; the first has the seed given, and each the next. */
export async function storms(
  start: StartSystem,
  {
    seed,
    sequences,
    progress,
  }: {
    readonly seed: number
    readonly sequences: number
    readonly progress?: (report: StormReport) => void
  },
): Promise<StormReport> {
  let sum: StormReport = {
    ...{ sequences: 0, actions: 0, attempts: 0, done: 0, refused: 0, reverted: 0, requests: 0, faults: 0 },
    problems: [],
  }
  for (let index = 0; index < sequences; index += 1) {
    const one = await storm(start, seed + index)
    sum = {
      sequences: sum.sequences + one.sequences,
      actions: sum.actions + one.actions,
      attempts: sum.attempts + one.attempts,
      done: sum.done + one.done,
      refused: sum.refused + one.refused,
      reverted: sum.reverted + one.reverted,
      requests: sum.requests + one.requests,
      faults: sum.faults + one.faults,
      problems: [...sum.problems, ...one.problems],
    }
    progress?.(sum)
  }
  return sum
}
