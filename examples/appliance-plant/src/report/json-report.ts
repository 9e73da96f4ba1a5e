import type { Action, Signal } from '@andon/core'
import type { PlantState, S4HanaState } from '@andon/testkit'
import { days } from '../calendar.js'
import type { QuarantineRecord } from '../story/ledger.js'
import type { Outcome } from '../story/simulate.js'
import type { Without } from '../story/without.js'
import { effectOf } from './effect.js'
import { heldBatches, holdTime, holdWithinMs, shortcomings } from './verdict.js'

/** The whole outcome as one plain object. Instants are RFC 3339, latencies real milliseconds. */
export function jsonReport(outcome: Outcome, without: Without): object {
  const { seed, ledger, watch, figures, plantBefore, plantAfter, sapAfter } = outcome
  const actions = [...outcome.actions.values()]
  const { isFast, ...toHold } = holdTime(outcome)
  const reasons = shortcomings(outcome)
  const { heldAt, badBatch, all } = effectOf(outcome)
  return {
    seed,
    simulatedDays: days,
    ok: reasons.length === 0,
    reasons,
    feedback: {
      total: ledger.total,
      perChannel: Object.fromEntries(ledger.perChannel),
      duplicates: ledger.duplicates,
    },
    quarantined: {
      count: ledger.quarantined.length,
      expected: ledger.broken.caught,
      unexpected: ledger.unexpected.length,
      reasons: reasonsOf(ledger.quarantined),
    },
    signals: [...outcome.signals.values()].map(signalJson),
    actions: actions.map((action) => actionJson(action, watch.of(action))),
    latency: {
      complaintToHoldMs: toHold,
      holdWithinMs: { limit: holdWithinMs, met: isFast },
      allActionsMs: watch.latencies(actions),
      complaintToDiskMs: watch.durable,
    },
    held: heldBatches(outcome),
    complaintsPerHour: {
      before: badBatch.before,
      after: badBatch.after,
      badBatch,
      all,
      heldAt: instant(heldAt),
    },
    units: figures,
    withoutAndon: {
      units: without.figures,
      complaints: sum(without.complaints),
      badBatchComplaints: sum(without.batchComplaints),
    },
    withAndon: { complaints: sum(ledger.complaints), badBatchComplaints: sum(ledger.batchComplaints) },
    plant: { before: plantJson(plantBefore), after: plantJson(plantAfter) },
    sap: sapJson(sapAfter),
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

const instant = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString()

/** How often each field was wrong in which way. */
function reasonsOf(records: readonly QuarantineRecord[]): readonly object[] {
  const counted = new Map<string, { field: string; reason: object; count: number }>()
  for (const { problems } of records) {
    for (const { field, reason } of problems) {
      const key = `${field}\n${reason.en}`
      const known = counted.get(key)
      if (known === undefined) counted.set(key, { field, reason, count: 1 })
      else known.count += 1
    }
  }
  return [...counted.values()]
}

function signalJson({
  id,
  rule,
  title,
  status,
  severity,
  facts,
  firings,
  occurrences,
  openedAt,
  verification,
}: Signal): object {
  return {
    id,
    rule,
    title,
    status,
    severity,
    facts,
    firings,
    occurrences,
    openedAt: instant(openedAt),
    verification,
  }
}

function actionJson(action: Action, latencyMs: number | undefined): object {
  const { id, kind, target, params, priority, status, rule, signalId, createdAt, receipt, quotes } = action
  return {
    ...{ id, kind, target, params, priority, status, rule, signalId, at: instant(createdAt) },
    latencyMs: latencyMs === undefined ? null : Math.round(latencyMs * 100) / 100,
    receipt,
    quotes,
  }
}

/** What a manager asks about; deeds and units are left to the plant itself. */
function plantJson({ batches, orders, equipment, messages }: PlantState): object {
  return {
    batches: batches.map(({ batch, component, status, reason, quantity, consumed }) => ({
      ...{ batch, component, status, reason, quantity, consumed },
    })),
    orders: orders.map(({ id, kind, status, priority, reason, about }) => ({
      ...{ id, kind, status, priority, reason, about: about.batch },
    })),
    equipment: equipment.map(({ id, parameters }) => ({ id, parameters })),
    messages: messages.length,
  }
}

/** What stands in S/4HANA: its notifications with their long texts, and what is restricted. */
function sapJson({ notifications, notificationTexts, batches }: S4HanaState): object {
  return {
    notifications: notifications.map(
      ({ QualityNotification: id, NotificationType: type, NotificationText: title }) => ({
        ...{ id, type, title },
        longTexts: notificationTexts
          .filter(({ QualityNotification: of }) => of === id)
          .map(({ QltyNotificationLongText: text }) => text),
      }),
    ),
    restrictedBatches: batches
      .filter(({ MatlBatchIsInRstrcdUseStock: restricted }) => restricted === true)
      .map(({ Batch: batch }) => batch),
  }
}
