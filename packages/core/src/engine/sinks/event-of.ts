import type { Action } from '../../action/action.js'
import type { AuditLine } from '../../connector/audit.js'
import type { CloudEvent } from '../../connector/cloud-event.js'
import type { JsonObject } from '../../json.js'

const digitsOfSequence = 16

/** What a line of the audit log says, as far as an event needs it. */
interface SaidByLine {
  readonly at: string
  readonly tenant: string
  readonly what: string
  readonly action?: string
  readonly signal?: string
  readonly data: JsonObject
}

/** The action that a line is about, if it is about one. */
export const actionIn = ({ text }: AuditLine): string | undefined => said(text).action

/**
 * The event of a line of the audit log: the same line gives the same event on every run. Of an action it carries what was
 * proposed, which no later step changes: its reason in both languages, and the customers' own words.
 */
export function eventOf(line: AuditLine, action: Action | undefined): CloudEvent {
  const { at, tenant, what, action: actionId, signal, data } = said(line.text)
  const subject = actionId ?? signal
  return {
    specversion: '1.0',
    id: line.hash,
    source: `/andon/${encodeURIComponent(tenant)}`,
    type: `io.andon.${what}`,
    ...(subject === undefined ? {} : { subject }),
    time: at,
    datacontenttype: 'application/json',
    data: {
      ...(signal === undefined ? {} : { signal }),
      ...(action === undefined ? {} : { action: proposalOf(action) }),
      ...{ detail: data },
    },
    tenant,
    partitionkey: signal ?? actionId ?? tenant,
    sequence: String(line.sequence).padStart(digitsOfSequence, '0'),
    ...(action?.traceparent === undefined ? {} : { traceparent: action.traceparent }),
  }
}

/** A line is written by the store, and its hash was made of it. */
function said(text: string): SaidByLine {
  return JSON.parse(text)
}

function proposalOf(action: Action): JsonObject {
  const { id, kind, target, params, reason, rule, quotes, createdAt } = action
  const proposal = {
    id,
    kind,
    target,
    params,
    reason,
    rule,
    quotes,
    createdAt: new Date(createdAt).toISOString(),
  }
  // Members that are absent become absent: what is left is plain data.
  return JSON.parse(JSON.stringify(proposal))
}
