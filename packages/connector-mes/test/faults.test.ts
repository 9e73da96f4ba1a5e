import type { Action, Receipt } from '@andon/core/connector'
import { type AndonError, isAndonError } from '@andon/core/errors'
import type { Mes, SimulatorFault } from '@andon/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MesKind, mes } from '../src/index.js'
import { actionOf, contextOf, richMes, targetOf } from './support/given.js'

/** What one attempt comes to when the write meets a fault. */
type Ending =
  /** It succeeds all the same. */
  | 'recovers'
  /** A retryable error, nothing was done; the next attempt does it. */
  | 'again, not done'
  /** A retryable error, it was done; the next attempt finds it. */
  | 'again, done'
  /** TARGET_REFUSED, and nothing was done. */
  | 'refused'

const endings: readonly (readonly [SimulatorFault, Ending])[] = [
  // The token is fetched anew, once.
  ['401', 'recovers'],
  ['token-expired', 'recovers'],
  ['403', 'refused'],
  ['404', 'refused'],
  // `busy`: another transaction has it locked.
  ['409', 'again, not done'],
  // The contract has no preconditions: an MES that has all the same is not understood.
  ['412', 'refused'],
  ['428', 'refused'],
  ['429', 'again, not done'],
  ['500', 'again, not done'],
  ['503', 'again, not done'],
  ['timeout-before-work', 'again, not done'],
  ['timeout-after-work', 'again, done'],
  ['cut-before', 'again, not done'],
  ['cut-after', 'again, done'],
  ['error-after-work', 'again, done'],
  ['html-instead-of-json', 'again, not done'],
  ['wrong-content-type', 'again, done'],
  ['truncated', 'again, done'],
  ['half-json', 'again, done'],
  ['slow', 'recovers'],
]

const kinds: readonly MesKind[] = [
  'material.hold',
  'material.release',
  'parameter.adjust',
  'schedule.prioritise',
  'schedule.rework',
  'inspection.request',
  'quality.notification',
  'escalate',
  'notify',
]
const reversible = kinds.filter((kind) => kind !== 'escalate' && kind !== 'notify')

let running: Mes
let target: ReturnType<typeof mes>
/** For answers that never come; whatever else is asked may take as long as a busy machine makes it. */
let hasty: ReturnType<typeof mes>
beforeAll(async () => {
  running = await richMes({ faults: { slowMs: 30 } })
  target = targetOf(running, 10_000)
  hasty = targetOf(running, 150)
})
afterAll(async () => {
  await target.close()
  await hasty.close()
  await running.close()
})

const thrown = async (attempt: Promise<Receipt>): Promise<AndonError> => {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isAndonError(error)) throw new Error('it did not fail as it should', { cause: error })
  return error
}

/** The one that an attempt goes through. */
const through = (fault: SimulatorFault, attempt: number): ReturnType<typeof mes> =>
  attempt === 1 && fault.startsWith('timeout') ? hasty : target

/** Meets the fault, and proves what the table says of it; `count` is how often the MES says that it happened. */
async function meets(
  ending: Ending,
  attempt: (number: number) => Promise<Receipt>,
  count: () => number,
): Promise<void> {
  if (ending === 'recovers') {
    const receipt = await attempt(1)
    expect(receipt.alreadyDone).toBeUndefined()
    expect(count()).toBe(1)
    return
  }
  const error = await thrown(attempt(1))
  if (ending === 'refused') {
    expect(error).toMatchObject({ code: 'TARGET_REFUSED', retryable: false })
    expect(count()).toBe(0)
    return
  }
  expect(['TARGET_UNAVAILABLE', 'TARGET_TIMEOUT']).toContain(error.code)
  expect(error.retryable).toBe(true)
  expect(count()).toBe(ending === 'again, done' ? 1 : 0)
  const receipt = await attempt(2)
  expect(receipt.alreadyDone).toBe(ending === 'again, done' ? true : undefined)
  expect(count()).toBe(1)
}

describe.each(endings.map(([fault, ending], index) => ({ fault, ending, index })))(
  'the fault $fault at the write: $ending',
  ({ fault, ending, index }) => {
    it.each(kinds)('%s takes effect once', async (kind) => {
      const action = actionOf(kind, index)
      running.faults.next(fault, { writes: true })
      await meets(
        ending,
        (attempt) => through(fault, attempt).execute(action, contextOf(attempt)),
        () => running.deed(action.id)?.effects ?? 0,
      )
      expect(running.faults.waiting).toBe(0)
    })

    it.each(reversible)('the reversal of %s takes effect once', async (kind) => {
      const action = actionOf(kind, 20 + (index % 20), { id: `${kind}/${index} to be reverted` })
      const receipt = await target.execute(action, contextOf())
      running.faults.next(fault, { writes: true })
      await meets(
        ending,
        (attempt) => through(fault, attempt).revert(action, receipt, contextOf(attempt)),
        () => running.deed(action.id)?.undone ?? 0,
      )
    })
  },
)

const atReads = endings.filter(([fault]) => fault !== 'slow')

describe('a fault at the look-up', () => {
  it.each(atReads)('%s: nothing is done a second time', async (fault, ending) => {
    const action = actionOf('notify', 1, { id: `look-up ${fault}` })
    await target.execute(action, contextOf())
    running.faults.next(fault, { method: 'GET' })
    const found = await through(fault, 1)
      .execute(action, contextOf(2))
      .catch((error: unknown) => error)
    if (ending === 'recovers') expect(found).toMatchObject({ alreadyDone: true })
    // Only `unknown_action` may say that nothing was done, and no refusal of the question that it never will be.
    else expect(found).toMatchObject({ retryable: true })
    expect(running.deed(action.id)?.effects).toBe(1)
    expect(await target.execute(action, contextOf(3))).toMatchObject({ alreadyDone: true })
    expect(running.deed(action.id)?.effects).toBe(1)
  })
})

describe('a fault at the read-back of a parameter', () => {
  it.each(atReads)('%s: it is read back again, and not written again', async (fault, ending) => {
    const own = await richMes()
    const action: Action = actionOf('parameter.adjust', 1)
    const reading = targetOf(own, 10_000)
    const first = targetOf(own, fault.startsWith('timeout') ? 80 : 10_000)
    own.faults.next(fault, { path: '/states' })
    const met = await first.execute(action, contextOf()).catch((error: unknown) => error)
    if (ending === 'recovers') expect(met).toMatchObject({ proof: { confirmed: true } })
    // What was written is there, whoever refuses to say so.
    else expect(met).toMatchObject({ retryable: true })
    const again = await reading.execute(action, contextOf(2))
    expect(again).toMatchObject({
      alreadyDone: true,
      proof: { value: 224, previousValue: 220, confirmed: true },
    })
    expect(own.state().equipment[1]?.parameters['mould/temperature']?.history).toHaveLength(1)
    await reading.close()
    await first.close()
    await own.close()
  })
})

describe('an MES that is down', () => {
  it('does nothing, and does it once when it is up again', async () => {
    const own = await richMes()
    const patient = targetOf(own, 10_000)
    const action = actionOf('material.hold', 1)
    own.faults.set({ down: true })
    expect(await thrown(patient.execute(action, contextOf()))).toMatchObject({ code: 'TARGET_UNAVAILABLE' })
    expect(await patient.check()).toMatchObject({ ok: false })
    own.faults.clear()
    expect(await patient.execute(action, contextOf(2))).toMatchObject({
      proof: { held: true, confirmed: true },
    })
    expect(own.deed(action.id)?.effects).toBe(1)
    expect(await patient.check()).toEqual({ ok: true })
    await patient.close()
    await own.close()
  })
})
