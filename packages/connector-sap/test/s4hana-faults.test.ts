import assert from 'node:assert/strict'
import type { Action, ExecuteContext, Receipt } from '@andon/core/connector'
import { type AndonError, isAndonError } from '@andon/core/errors'
import { type SimulatorFault, type VirtualClock, virtualClock } from '@andon/testkit'
import { afterEach, describe, it } from 'vitest'
import { actionMark, reversalId } from '../src/action-mark.js'
import { patient } from './support/patient.js'
import { actionOf, context, decisive, effectsOf, type Given, given, reversalsOf } from './support/s4-given.js'

/**
 * What one fault leads to. `recovers`: the call itself succeeds. `again`: an error that may be tried again, nothing had
 * been done, and the next try does it. `done`: such an error, but it had been done, and the next try finds it.
 * `refused`: an error that must not be tried again, and nothing was done. `none`: the fault cannot meet this request.
 */
type Outcome = 'recovers' | 'again' | 'done' | 'refused' | 'none'

interface Expected {
  /** At the request that has the effect. */
  readonly change: Outcome
  /** At the record that is written before. */
  readonly record: Outcome
  /** At the first look-up. */
  readonly lookUp: Outcome
  /** At the request that takes it back. */
  readonly reversal: Outcome
  /** At a change or a reversal that carries If-Match, where that is another outcome. */
  readonly conditional?: Outcome
  /** At a change or a reversal that goes in a `$batch`, where that is another outcome. */
  readonly batched?: Outcome
  readonly code?: AndonError['code']
}

const everywhere = (outcome: Outcome, code?: AndonError['code']): Expected => ({
  ...{ change: outcome, record: outcome, lookUp: outcome, reversal: outcome },
  ...(code !== undefined && { code }),
})
/** The work is done and the answer lost: of a read only the answer counts. */
const afterwards = (code?: AndonError['code']): Expected => ({
  ...everywhere('done', code),
  ...{ lookUp: 'again' },
})

const table: { readonly [F in SimulatorFault]?: Expected } = {
  'csrf-expired': { ...everywhere('recovers'), lookUp: 'none' },
  // Somebody else changes the entity just before: only what is changed by If-Match can meet it.
  'etag-stale': { ...everywhere('none'), conditional: 'recovers' },
  // A session that is gone is left; a password that is not accepted is not tried twice, for SAP would lock the user.
  '401': { ...everywhere('recovers'), lookUp: 'refused', code: 'TARGET_REFUSED' },
  '403': everywhere('refused', 'TARGET_REFUSED'),
  '404': everywhere('refused', 'TARGET_REFUSED'),
  '409': everywhere('again', 'TARGET_UNAVAILABLE'),
  '412': { ...everywhere('again', 'TARGET_UNAVAILABLE'), conditional: 'recovers' },
  '428': { ...everywhere('again', 'TARGET_UNAVAILABLE'), conditional: 'recovers' },
  '429': everywhere('again', 'TARGET_UNAVAILABLE'),
  '500': everywhere('again', 'TARGET_UNAVAILABLE'),
  '503': everywhere('again', 'TARGET_UNAVAILABLE'),
  'timeout-before-work': everywhere('again', 'TARGET_TIMEOUT'),
  'timeout-after-work': afterwards('TARGET_TIMEOUT'),
  'cut-before': everywhere('again', 'TARGET_UNAVAILABLE'),
  'cut-after': afterwards('TARGET_UNAVAILABLE'),
  'html-instead-of-json': everywhere('again', 'TARGET_UNAVAILABLE'),
  'wrong-content-type': afterwards('TARGET_UNAVAILABLE'),
  truncated: afterwards('TARGET_UNAVAILABLE'),
  'half-json': afterwards('TARGET_UNAVAILABLE'),
  'error-after-work': afterwards('TARGET_UNAVAILABLE'),
  slow: everywhere('recovers'),
  'batch-change-refused': { ...everywhere('none', 'TARGET_REFUSED'), batched: 'refused' },
  'batch-change-failed': { ...everywhere('none', 'TARGET_UNAVAILABLE'), batched: 'again' },
  // Only the answer to the read says so: the change beside it is made.
  'batch-read-refused': { ...everywhere('none', 'TARGET_UNAVAILABLE'), batched: 'done' },
  'batch-read-failed': { ...everywhere('none', 'TARGET_UNAVAILABLE'), batched: 'done' },
}

const kinds = Object.keys(decisive)
const conditional = {
  change: ['material.hold', 'material.release', 'schedule.prioritise'],
  reversal: ['material.hold', 'material.release', 'schedule.prioritise', 'schedule.rework'],
}
const batched = conditional.change
const outcomeAt = (expected: Expected, place: 'change' | 'reversal', kind: string): Outcome => {
  if (expected.batched !== undefined) return batched.includes(kind) ? expected.batched : 'none'
  return conditional[place].includes(kind) ? (expected.conditional ?? expected[place]) : expected[place]
}
const notification = { method: 'POST', path: '/QualityNotification' }
const reversals: typeof decisive = {
  ...decisive,
  'schedule.rework': { method: 'POST', path: '/DiscardOrder' },
  'inspection.request': { method: 'POST', path: '/A_InspLotUsageDecision' },
}

let open: Given | undefined
afterEach(() => open?.close())

async function failure(work: Promise<unknown>): Promise<AndonError> {
  try {
    await work
  } catch (error) {
    assert.ok(isAndonError(error), `not an AndonError: ${String(error)}`)
    return error
  }
  return assert.fail('it did not fail')
}

const count = (sap: Given['sap'], id: string): number =>
  sap.changes.filter(
    (change) =>
      change.set === 'QualityNotification' &&
      change.kind === 'created' &&
      String(change.after.NotificationText).includes(actionMark(id)),
  ).length

interface Try {
  readonly sap: Given['sap']
  readonly clock: VirtualClock
  readonly run: (context: ExecuteContext) => Promise<Receipt>
  readonly effects: () => number
}

/** Meets the fault once, then tries on until it is done: one effect in the end, whatever came between. */
async function meets(expected: Outcome, code: AndonError['code'] | undefined, one: Try): Promise<void> {
  const { sap, clock, run, effects } = one
  const attempt = (number: number): Promise<Receipt> =>
    patient(sap, clock, () => run(context(number, { clock })))
  if (expected === 'recovers') {
    await attempt(1)
  } else {
    const error = await failure(attempt(1))
    assert.equal(error.code, code ?? error.code)
    assert.equal(error.retryable, expected !== 'refused', `${error.code}: ${error.message}`)
    assert.equal(effects(), expected === 'done' ? 1 : 0, 'done or not done')
    const receipt = await attempt(2)
    assert.equal(receipt.alreadyDone === true, expected === 'done', 'the receipt of the second try')
  }
  assert.equal(sap.faults.waiting, 0, 'the fault met nothing, so this proves nothing')
  assert.equal(effects(), 1)
  assert.equal((await attempt(3)).alreadyDone, true)
  assert.equal(effects(), 1, 'a third try did it again')
}

const cases = Object.entries(table).map(([fault, expected]) => ({ fault: fault as SimulatorFault, expected }))

describe.each(cases)('when a request meets $fault', ({ fault, expected }) => {
  const start = async (): Promise<Given> => {
    open = await given({ timeoutMs: 30_000 })
    open.sap.faults.set({ slowMs: 5 })
    return open
  }

  if (expected.lookUp !== 'none')
    it('the look-up of an action: nothing is done twice', async () => {
      const { sap, target } = await start()
      for (const [index, kind] of kinds.entries()) {
        const action = actionOf(kind, index)
        const other = kind === 'material.hold' ? target : open?.another()
        sap.faults.next(fault, { method: 'GET', path: '/QualityNotification' })
        await meets(expected.lookUp, expected.code, {
          ...{ sap, clock: virtualClock('2026-03-01T08:00:00Z') },
          run: (given) => (other ?? target).execute(action, given),
          effects: () => effectsOf(sap, action),
        })
      }
    })

  if (expected.record !== 'none')
    it('the record of a change: there is one record and one change', async () => {
      const { sap, target } = await start()
      for (const [index, kind] of kinds.filter((kind) => kind !== 'quality.notification').entries()) {
        const action = actionOf(kind, index)
        sap.faults.next(fault, notification)
        // The record comes first: lost or not, the change itself is not yet made.
        await meets(expected.record === 'done' ? 'again' : expected.record, expected.code, {
          ...{ sap, clock: virtualClock('2026-03-01T08:00:00Z') },
          run: (given) => target.execute(action, given),
          effects: () => effectsOf(sap, action),
        })
        assert.equal(count(sap, action.id), 1, `${kind}: not one record`)
      }
    })

  it('the change itself: it is made once, and a lost answer is found again', async () => {
    const { sap, target } = await start()
    for (const [index, kind] of kinds.entries()) {
      const outcome = outcomeAt(expected, 'change', kind)
      if (outcome === 'none') continue
      const action = actionOf(kind, index)
      sap.faults.next(fault, decisive[kind])
      await meets(outcome, expected.code, {
        ...{ sap, clock: virtualClock('2026-03-01T08:00:00Z') },
        run: (given) => target.execute(action, given),
        effects: () => effectsOf(sap, action),
      })
    }
  })

  it('the reversal: it is made once, and a lost answer is found again', async () => {
    const { sap, target } = await start()
    for (const [index, kind] of kinds.entries()) {
      const outcome = outcomeAt(expected, 'reversal', kind)
      if (outcome === 'none') continue
      const action = actionOf(kind, index)
      const clock = virtualClock('2026-03-01T08:00:00Z')
      const receipt = await target.execute(action, context(1, { clock }))
      sap.faults.next(fault, reversals[kind])
      await meets(outcome, expected.code, {
        ...{ sap, clock },
        run: (given) => target.revert(action, receipt, given),
        effects: () => undone(sap, action),
      })
      // A refused reversal of what has a state is voided, and the next try writes it down anew.
      const records = outcome === 'refused' && batched.includes(kind) ? 3 : 1
      assert.equal(count(sap, reversalId(action.id)), records, `${kind}: records of the reversal`)
    }
  })
})

/** How often the effect was taken back, as the system itself counts it. */
function undone(sap: Given['sap'], action: Action): number {
  const ours = sap.changes.filter(({ user }) => user === 'ANDON')
  switch (action.kind) {
    case 'schedule.rework':
      return ours.filter(({ after, kind }) => kind === 'changed' && after.OrderIsDeleted === 'X').length
    case 'inspection.request':
      return ours.filter(({ set, kind }) => set === 'A_InspLotUsageDecision' && kind === 'created').length
    case 'quality.notification':
      return count(sap, reversalId(action.id))
    case 'schedule.prioritise':
      return ours.filter(
        ({ set, after }) => set === 'A_ProductionOrder_2' && after.ManufacturingOrderImportance === '5',
      ).length
    default:
      return reversalsOf(sap, action)
  }
}
