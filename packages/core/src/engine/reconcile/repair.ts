import type { Action } from '../../action/action.js'
import { effectsOf } from '../../action/kinds/effects.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { canonical } from '../../audit/canonical.js'
import type { Belief } from '../../connector/belief.js'
import { type Subject, subjectKey } from '../../connector/subject.js'
import { stableId } from '../../ids.js'
import type { JsonObject, JsonValue } from '../../json.js'
import type { Localized } from '../../text.js'
import { isSame } from '../same-value.js'
import type { Difference } from './result.js'

/** What would bring a subject back to what we believe. */
interface Repair {
  readonly kind: ActionKind
  readonly params: JsonObject
}

/**
 * The action that would make the plant stand again as we believe it does. It never runs by itself: either the plant
 * or we are wrong, and only a person can tell.
 *
 * @param original the action that the belief stems from
 * @returns undefined when no action of that kind or its inverse leads there
 */
export function repairOf(
  belief: Belief,
  differences: readonly Difference[],
  original: Action,
  kinds: ReadonlyMap<string, ActionKind>,
  at: number,
): Action | undefined {
  const repair = restoring(belief, original, kinds)
  if (repair === undefined) return undefined
  const { kind, params } = repair
  const text = wordsOf(belief, differences)
  const left = original.expiresAfter && belief.changedAt + original.expiresAfter - at
  return {
    id: stableId('a', original.id, 'reconcile', subjectKey(belief.subject), at),
    tenant: belief.tenant,
    kind: kind.name,
    target: belief.target,
    priority: original.priority,
    params,
    reason: text,
    signalId: original.signalId,
    rule: original.rule,
    quotes: original.quotes,
    status: 'awaiting-approval',
    note: text,
    attempts: 0,
    dueAt: at,
    createdAt: at,
    updatedAt: at,
    signatures: [],
    decisions: [{ at, by: 'engine', name: 'reconcile', outcome: 'awaiting-approval', text }],
    needs: { signatures: [{ count: kind.signatures ?? 1 }], ordered: false },
    ...(original.limits === undefined ? {} : { limits: original.limits }),
    ...(original.tests === undefined ? {} : { tests: original.tests }),
    ...(original.productLine === undefined ? {} : { productLine: original.productLine }),
    ...(left === undefined || left <= 0 ? {} : { expiresAfter: left }),
  }
}

/** The same as proposed before and not answered yet: it is not proposed twice. */
export function isSameRepair(repair: Action, other: Action): boolean {
  return (
    other.kind === repair.kind &&
    other.target === repair.target &&
    canonical(other.params) === canonical(repair.params)
  )
}

function restoring(
  belief: Belief,
  { kind: name, params }: Action,
  kinds: ReadonlyMap<string, ActionKind>,
): Repair | undefined {
  const done = kinds.get(name)
  // What was taken back is believed to stand as before: then it is the inverse that leads there.
  const inverse = done?.inverse === undefined ? undefined : kinds.get(done.inverse)
  const wanted = aimed(narrowed(params, belief.subject), belief)
  return [done, inverse]
    .flatMap((kind) => (kind === undefined ? [] : [{ kind, params: wanted }]))
    .find((repair) => leadsTo(repair, belief))
}

/** Of many serial numbers only the one that differs. */
function narrowed(params: JsonObject, { id }: Subject): JsonObject {
  const one = (value: JsonValue): JsonValue => (Array.isArray(value) && value.includes(id) ? [id] : value)
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, one(value)]))
}

/** A parameter is not where the action found it, and an order's priority may be the one before. */
function aimed({ from, ...params }: JsonObject, { subject, fields }: Belief): JsonObject {
  const { value, unit, priority } = fields
  if (subject.kind === 'parameter' && value !== undefined) {
    return { ...params, to: value, ...(typeof unit === 'string' ? { unit } : {}) }
  }
  if (subject.kind === 'order' && priority !== undefined) return { ...params, priority }
  return from === undefined ? params : { ...params, from }
}

function leadsTo({ kind, params }: Repair, { subject, fields }: Belief): boolean {
  const [effect, ...others] = effectsOf(kind, params) ?? []
  if (effect === undefined || others.length > 0 || subjectKey(effect.subject) !== subjectKey(subject))
    return false
  return Object.entries(fields).every(([name, value]) => value === null || isSame(value, effect.fields[name]))
}

function wordsOf({ subject, changedAt, actionId }: Belief, differences: readonly Difference[]): Localized {
  const thing = decodeURIComponent(subjectKey(subject))
  const since = new Date(changedAt).toISOString()
  const says = differences.map(({ field, found }) => `${field} = ${JSON.stringify(found ?? null)}`).join(', ')
  const believed = differences.map((one) => `${one.field} = ${JSON.stringify(one.believed)}`).join(', ')
  const gone = differences.every(({ found }) => found === undefined)
  return {
    en: `${thing}: the target ${gone ? 'knows no such thing' : `says ${says}`}, we believe ${believed} since ${since} (action ${actionId}).`,
    zh: `${thing}：目标系统${gone ? '查无此项' : `报告 ${says}`}，而我们认为自 ${since} 起 ${believed}（动作 ${actionId}）。`,
  }
}
