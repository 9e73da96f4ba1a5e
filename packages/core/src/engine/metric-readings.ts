import type { Action } from '../action/action.js'
import { complaintRate } from '../action/effect-tests.js'
import type { ActionKind } from '../action/kinds/kind.js'
import type { Series } from '../connector/judge.js'
import type { MetricScope, MetricSource } from '../connector/metric-source.js'
import { complaintSeries } from '../signal/complaints.js'
import type { Signal } from '../signal/signal.js'
import type { PendingTrial } from '../signal/trial.js'

/** What a test is judged from. */
export interface Readings {
  readonly before: Series
  readonly after: Series
}

export const isMeasured = (metric: string, source: MetricSource | undefined): boolean =>
  metric === complaintRate || (source !== undefined && (source.metrics?.includes(metric) ?? true))

/** Complaints are counted by the signal itself. */
export function complaintReadings(signal: Signal, trial: PendingTrial): Readings | undefined {
  return trial.test.metric === complaintRate ? complaintSeries(signal, trial) : undefined
}

/** What the line shows of a metric before the action, and after its settling time. */
export async function measured(
  source: MetricSource,
  action: Action,
  kind: ActionKind | undefined,
  { test, doneAt, since, dueAt }: PendingTrial,
): Promise<Readings> {
  const scope = scopeOf(action, kind)
  const [before, after] = await Promise.all([
    source.measure(test.metric, scope, doneAt - test.windowMs, doneAt),
    source.measure(test.metric, scope, since, dueAt),
  ])
  return { before, after }
}

function scopeOf(action: Action, kind: ActionKind | undefined): MetricScope {
  const { tenant, target, productLine, params, quotes } = action
  const subjects = (kind?.effects?.(params) ?? []).map(({ subject }) => subject)
  const productModel = quotes.findLast((quote) => quote.productModel !== undefined)?.productModel
  const touched = subjects.find((subject) => subject.kind === 'parameter')
  const equipment =
    touched?.equipment ?? (typeof params.equipment === 'string' ? params.equipment : undefined)
  return {
    tenant,
    target,
    subjects,
    ...(productLine === undefined ? {} : { productLine }),
    ...(productModel === undefined ? {} : { productModel }),
    ...(equipment === undefined ? {} : { equipment }),
  }
}
