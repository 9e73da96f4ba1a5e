import type { Action } from '../../action/action.js'
import type { Store, StoreTransaction } from '../../connector/store.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Findings, Firing } from '../../rule/runtime/finding.js'
import { signalOfFinding } from '../../signal/detected.js'
import { firedAgain, matched, opened } from '../../signal/life.js'
import type { Signal } from '../../signal/signal.js'
import type { HeadStart } from '../actuation/head-start.js'
import type { Detected } from '../detection.js'
import { actionIdsOf, type ProposeContext, proposeActions } from '../propose.js'
import { proposedAudit } from '../proposed-audit.js'
import { quoteOf } from '../quotes.js'
import { takeSignalSteps } from '../signal-steps.js'
import type { Silences } from '../silence-desk.js'

/** What rules and detectors found in a batch. */
export type Found = Findings & { readonly detected: readonly Detected[] }

/** What one batch changed, told after it is durable. */
export interface Effects {
  readonly signals: readonly Signal[]
  /** New ones, as they were proposed. */
  readonly actions: readonly Action[]
  /** Those of them that are not under way already. */
  readonly waiting: readonly Action[]
}

export interface ApplyOptions {
  readonly propose: ProposeContext
  readonly silences: Pick<Silences, 'covers' | 'load'>
}

/** What findings are applied with, once. */
export interface Applying extends ApplyOptions {
  readonly journal: Pick<Store['journal'], 'find'>
  readonly headStart: Pick<HeadStart, 'enter'>
}

/**
 * Folds findings into signals and actions; pure but for what it reads and writes through the transaction.
 *
 * @param evidence the feedback behind each firing
 */
export async function applyFindings(
  transaction: StoreTransaction,
  { firings, matches, detected }: Found,
  evidence: ReadonlyMap<Firing, readonly FeedbackRecord[]>,
  { propose, silences, journal, headStart }: Applying,
): Promise<Effects> {
  const detectorPrints = detected.map(({ detector, tenant, finding }) =>
    JSON.stringify([tenant, detector, finding.key]),
  )
  const prints = new Set([
    ...firings.map(({ fingerprint }) => fingerprint),
    ...matches.keys(),
    ...detectorPrints,
  ])
  // Asked for together: each trip to the store is one of the few that a complaint takes to the machine.
  const [known, free] = await Promise.all([
    transaction.findSignals([...prints]),
    transaction.absentActions(firings.flatMap(actionIdsOf)),
    firings.length > 0 ? propose.phases.load(transaction) : undefined,
    firings.length > 0 ? silences.load() : undefined,
  ])
  const before = new Map(known.map((signal) => [signal.fingerprint, signal]))
  const signals = new Map(before)
  const actions: Action[] = []
  for (const firing of firings) {
    const records = evidence.get(firing) ?? []
    const quotes = records.map(quoteOf)
    const there = signals.get(firing.fingerprint)
    const signal = there === undefined ? opened(firing, quotes) : firedAgain(there, firing, quotes)
    signals.set(firing.fingerprint, signal)
    if (signal.status === 'dismissed' || silences.covers(firing)) continue
    const about = firing.trigger ?? records.at(-1)
    actions.push(...proposeActions(firing, signal, quotes, about, propose))
  }
  for (const [index, { detector, tenant, at, finding }] of detected.entries()) {
    const print = detectorPrints[index] ?? ''
    signals.set(print, signalOfFinding(signals.get(print), print, detector, tenant, at, finding))
  }
  for (const [fingerprint, match] of matches) {
    const signal = signals.get(fingerprint)
    if (signal === undefined) continue
    const { earlier } = match
    const counted = earlier !== undefined && before.has(fingerprint) ? matched(signal, earlier) : signal
    signals.set(fingerprint, matched(counted, match))
  }
  const changed = [...signals.values()]
  await takeSignalSteps(
    transaction,
    changed.map((after) => ({ before: before.get(after.fingerprint), after })),
  )
  const fresh = newOnes(actions, free)
  const started = await headStart.enter(transaction, fresh)
  await transaction.addActions(started.actions)
  await transaction.appendAudit([...(await proposedAudit(fresh, journal)), ...started.audit])
  return { signals: changed, actions: fresh, waiting: started.waiting }
}

/** Those whose id is free; of the same action twice the first. */
function newOnes(actions: readonly Action[], free: readonly string[]): readonly Action[] {
  const left = new Set(free)
  return actions.filter(({ id }) => left.delete(id))
}
