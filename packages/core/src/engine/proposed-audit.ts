import type { Action } from '../action/action.js'
import type { AuditEvent } from '../connector/audit.js'
import type { Store } from '../connector/store.js'
import type { JsonObject } from '../json.js'
import { auditOf } from './actuation/step.js'

/**
 * The audit lines of new actions: what was proposed, who decided what, and the raw messages behind it by their SHA-256,
 * so that the chain reaches from the customer's own payload to the machine.
 */
export async function proposedAudit(
  actions: readonly Action[],
  journal: Pick<Store['journal'], 'find'>,
): Promise<readonly AuditEvent[]> {
  const ids = new Set(actions.flatMap(({ quotes }) => quotes.map(({ feedbackId }) => feedbackId)))
  const found = await Promise.all(
    [...ids].map(async (id): Promise<[string, JsonObject]> => [id, await messageOf(id, journal)]),
  )
  const evidence = new Map(found)
  return actions.map((action) => {
    const { kind, target, priority, params, rule, status, createdAt, quotes, decisions, tests } = action
    const decision = decisions.at(-1)
    return auditOf(action, 'action.proposed', createdAt, {
      ...{ kind, target, priority, params, rule, status },
      evidence: quotes.flatMap(({ feedbackId }) => evidence.get(feedbackId) ?? []),
      ...(tests === undefined ? {} : { tests: tests.map((test) => ({ ...test })) }),
      ...(decision === undefined ? {} : { by: decision.by, text: { ...decision.text } }),
    })
  })
}

async function messageOf(feedbackId: string, journal: Pick<Store['journal'], 'find'>): Promise<JsonObject> {
  const entry = await journal.find(feedbackId)
  if (entry === undefined) return { feedbackId }
  const { channel, source, sourceMessageId } = entry.feedback
  return { feedbackId, channel, source, sourceMessageId, sha256: entry.raw.sha256 }
}
