import type { TracedBatch } from '../../connector/genealogy.js'
import type { Store } from '../../connector/store.js'
import type { Target } from '../../connector/target.js'
import { AndonError } from '../../errors/index.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Signal } from '../../signal/signal.js'
import type { AskOptions } from '../ask-target.js'
import { type Answered, askForGenealogy, unitsOf } from './genealogy.js'
import { reportsOf } from './reports.js'
import type { AffectedUnit, KnownBatch, SuspectBatch, Trace, TracedFeedback, TraceGap } from './result.js'
import { suspectLots } from './suspects.js'

export interface TraceContext extends AskOptions {
  readonly store: Store
  readonly targets: Readonly<Record<string, Target>>
}

export interface Traced {
  readonly trace: Trace
  readonly signal: Signal
  /** The latest report that is still kept. */
  readonly about: FeedbackRecord | undefined
  /** The targets that answered. */
  readonly answered: readonly string[]
}

/**
 * Finds what else has what the reports of a signal have in common: from the reports to serial numbers, from there,
 * through the targets, to lots, and from the lots to every unit that has them. It changes nothing, and says what it
 * could not find out.
 *
 * @param limit at most so many units
 * @throws AndonError NOT_FOUND, STORE_FAILED, ABORTED when stopped
 */
export async function traceAffected(signalId: string, limit: number, context: TraceContext): Promise<Traced> {
  const { store, targets } = context
  const signal = await store.signals.get(signalId)
  if (signal === undefined) throw new AndonError('NOT_FOUND', { details: { kind: 'signal', id: signalId } })
  const { feedback: told, about, gaps } = await reportsOf(signal, store.journal)
  const serials = [...new Set(told.flatMap(({ serial }) => serial ?? []))]
  // Customers know the serial number of their unit at best; which lots it has the plant knows.
  const first = await askForGenealogy(targets, { serials, batches: [], limit: serials.length }, context)
  const known = new Map(unitsOf(first.answers).map((unit) => [unit.serial, unit]))
  const feedback = told.map((report) => completed(report, known.get(report.serial ?? '')))
  const lots = suspectLots(signal.facts, feedback)
  const batches = lots.map(({ batch }) => batch)
  const { answers, gaps: silent } =
    batches.length === 0 ? first : await askForGenealogy(targets, { serials, batches, limit }, context)
  const suspects = lots.map((lot) => ({ ...lot, known: answers.flatMap((one) => knownBatch(one, lot)) }))
  const units = unitsOf(answers).filter((unit) => serials.includes(unit.serial) || hasAny(unit, lots))
  const trace: Trace = {
    signalId,
    feedback,
    serials,
    batches: suspects,
    units,
    locations: locationsOf(units),
    unresolved: [
      ...gaps,
      ...told.flatMap((report) => contradiction(report, known.get(report.serial ?? ''))),
      ...silent,
      ...unknownTo(answers, serials, suspects),
      ...(Object.values(targets).some((target) => target.trace !== undefined) ? [] : [nobodyTraces]),
      ...(lots.length === 0 ? [nothingShared(signalId, feedback.length)] : []),
      ...answers.flatMap(({ target, answer }) => (answer.cut ? [cutAt(target, limit)] : [])),
    ],
    cut: answers.some(({ answer }) => answer.cut),
  }
  return { trace, signal, about, answered: answers.map(({ target }) => target) }
}

/** What the report says comes first; what it leaves open the plant tells. */
function completed(report: TracedFeedback, unit: AffectedUnit | undefined): TracedFeedback {
  if (unit === undefined) return report
  const { batch, componentBatches, line } = unit
  return {
    ...(batch === undefined ? {} : { batch }),
    ...(line === undefined ? {} : { line }),
    ...report,
    ...(componentBatches === undefined
      ? {}
      : { componentBatches: { ...componentBatches, ...report.componentBatches } }),
  }
}

function contradiction(report: TracedFeedback, unit: AffectedUnit | undefined): readonly TraceGap[] {
  return Object.entries(report.componentBatches ?? {}).flatMap(([component, lot]) => {
    const other = unit?.componentBatches?.[component]
    if (unit === undefined || other === undefined || other === lot) return []
    const where = unit.targets.join(', ')
    return [
      {
        what: 'serial' as const,
        id: unit.serial,
        reason: {
          en: `The report says ${component} ${lot}, ${where} says ${other}: the report is followed.`,
          zh: `反馈称 ${component} 批次为 ${lot}，${where} 称为 ${other}：以反馈为准。`,
        },
      },
    ]
  })
}

type Lot = Pick<SuspectBatch, 'batch' | 'component'>

/** Lots of different components may have the same number; a target that tells no components is believed. */
function hasAny({ batch, componentBatches }: AffectedUnit, lots: readonly Lot[]): boolean {
  return lots.some((lot) => {
    if (lot.component === undefined) return batch === undefined || batch === lot.batch
    return componentBatches === undefined || componentBatches[lot.component] === lot.batch
  })
}

function knownBatch({ target, answer }: Answered, lot: Lot): readonly KnownBatch[] {
  return answer.batches
    .filter(({ batch, component = lot.component }) => batch === lot.batch && component === lot.component)
    .map(({ batch: _, component, ...rest }: TracedBatch) => ({
      target,
      ...rest,
      nameOnly: component === undefined && Object.keys(rest).length === 0,
    }))
}

function locationsOf(units: readonly AffectedUnit[]): Trace['locations'] {
  const counts = new Map<string | undefined, number>()
  for (const { location } of units) counts.set(location, (counts.get(location) ?? 0) + 1)
  return [...counts]
    .sort(([, left], [, right]) => right - left)
    .map(([location, count]) => ({ ...(location === undefined ? {} : { location }), units: count }))
}

function unknownTo(
  answers: readonly Answered[],
  serials: readonly string[],
  suspects: readonly SuspectBatch[],
): readonly TraceGap[] {
  const known = new Set(unitsOf(answers).map(({ serial }) => serial))
  const reason = { en: 'No target that answered knows it.', zh: '应答的目标系统均不知晓。' }
  return [
    ...serials.filter((serial) => !known.has(serial)).map((id) => ({ what: 'serial' as const, id, reason })),
    ...suspects
      .filter((suspect) => suspect.known.length === 0)
      .map(({ batch }) => ({ what: 'batch' as const, id: batch, reason })),
  ]
}

const nobodyTraces: TraceGap = {
  what: 'target',
  id: '',
  reason: {
    en: 'No target can say which units and lots belong together: none has trace().',
    zh: '没有目标系统能够追溯产品与批次：均未提供 trace()。',
  },
}

const nothingShared = (signalId: string, reports: number): TraceGap => ({
  what: 'feedback',
  id: signalId,
  reason: {
    en: `No lot is shared by most of the ${reports} reports traced: only the complained-of units are known.`,
    zh: `所追溯的 ${reports} 条反馈中没有多数共有的批次：仅知被投诉的产品。`,
  },
})

const cutAt = (target: string, limit: number): TraceGap => ({
  what: 'target',
  id: target,
  reason: {
    en: `It knows of more than ${limit} units: the others are not among these.`,
    zh: `其所知的产品超过 ${limit} 台：其余未列入。`,
  },
})
