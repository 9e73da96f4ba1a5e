import * as z from 'zod'
import type { Action } from '../action/action.js'
import { complaintRate } from '../action/effect-tests.js'
import type { ActionKind } from '../action/kinds/kind.js'
import type { Clock } from '../connector/clock.js'
import type { Series } from '../connector/judge.js'
import type { MetricScope, MetricSource } from '../connector/metric-source.js'
import { AndonError, isAndonError, problemOf } from '../errors/index.js'
import { complaintSeries } from '../signal/complaints.js'
import type { Signal } from '../signal/signal.js'
import type { PendingTrial } from '../signal/trial.js'
import { withDeadline } from './actuation/deadline.js'

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

/**
 * What the line shows of a metric before the action, and after its settling time.
 *
 * @throws AndonError TARGET_UNAVAILABLE, TARGET_TIMEOUT, ABORTED
 */
export async function measured(
  source: MetricSource,
  action: Action,
  kind: ActionKind | undefined,
  { test: { metric, windowMs }, doneAt, since, dueAt }: PendingTrial,
  { clock, stop }: { readonly clock: Clock; readonly stop: AbortSignal },
): Promise<Readings> {
  const name = `metric ${metric}`
  const scope = scopeOf(action, kind)
  try {
    return await withDeadline(clock, deadlineMs, name, stop, async () => {
      const [before, after] = await Promise.all([
        source.measure(metric, scope, doneAt - windowMs, doneAt),
        source.measure(metric, scope, since, dueAt),
      ])
      return { before: seriesSchema.parse(before), after: seriesSchema.parse(after) }
    })
  } catch (cause) {
    if (isAndonError(cause)) throw cause
    throw new AndonError('TARGET_UNAVAILABLE', {
      details: { target: name, problem: problemOf(cause) },
      cause,
    })
  }
}

const deadlineMs = 30_000
/** It comes from another system: what is not a number cannot be judged. */
const seriesSchema = z.array(
  z.object({ at: z.number(), value: z.number(), n: z.number().min(0).exactOptional() }),
)

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
