import type { PreparedEntry } from '../../engine/prepared.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { JsonObject, JsonValue } from '../../json.js'
import type { Rule } from '../ast.js'
import type { Row } from './compile.js'
import type { Findings, Firing, Matches } from './finding.js'
import type { Group, GroupSnapshot } from './group.js'
import { GroupTable, type GroupTableLimits } from './group-table.js'
import { type RuleMatch, RuleMatcher } from './matcher.js'
import type { Program } from './program.js'
import { type Timed, TimerQueue } from './timer-queue.js'
import type { Value } from './value.js'

/** The engine's whole state, as plain JSON: rule name → version and groups. */
export interface RuleEngineState extends JsonObject {
  readonly now: number
  readonly rules: {
    readonly [name: string]: { readonly version: string; readonly groups: readonly GroupSnapshot[] }
  }
}

interface Due extends Timed {
  readonly rule: number
  readonly key: string
}

const hour = 3_600_000

/**
 * Runs rules over the journal. Time comes from the entries alone: before an entry is looked at, everything
 * that fell due before it happens at its own instant, so it makes no difference how often time was ticked.
 */
export class RuleEngine {
  readonly matcher: RuleMatcher
  readonly #programs: readonly Program[]
  readonly #tables: readonly GroupTable[]
  readonly #timers = new TimerQueue<Due>()
  #now = 0
  #firings: Firing[] = []
  #matches = new Map<string, Matches>()

  constructor(rules: readonly Rule[], limits: GroupTableLimits) {
    this.matcher = new RuleMatcher(rules)
    this.#programs = this.matcher.programs
    this.#tables = this.#programs.map(({ grouping }) => new GroupTable(grouping?.aggregates ?? [], limits))
  }

  /** When time alone will change something next (epoch ms); undefined when nothing waits. */
  get nextDue(): number | undefined {
    return this.#timers.peek()?.due
  }

  /** What the caps made it forget, by rule; empty when nothing was lost. */
  losses(): Readonly<Record<string, { entries: number; groups: number }>> {
    const losses: Record<string, { entries: number; groups: number }> = {}
    for (const [index, { rule }] of this.#programs.entries()) {
      const lost = this.#tables[index]?.lost
      if (lost !== undefined && lost.entries + lost.groups > 0) losses[rule.name] = { ...lost }
    }
    return losses
  }

  observe(entries: readonly PreparedEntry[]): Findings {
    this.#firings = []
    this.#matches = new Map()
    for (const entry of entries) {
      this.#advance(entry.at)
      if (entry.kind !== 'feedback') continue
      const { feedback, offset, at } = entry
      for (const match of entry.matches ?? this.matcher.match(feedback, at))
        this.#see(match, feedback, offset, at)
    }
    return { firings: this.#firings, matches: this.#matches }
  }

  snapshot(): RuleEngineState {
    const rules: Record<string, { version: string; groups: readonly GroupSnapshot[] }> = {}
    for (const [index, { rule, version }] of this.#programs.entries()) {
      const groups = this.#tables[index]?.snapshot() ?? []
      if (groups.length > 0) rules[rule.name] = { version, groups }
    }
    return { now: this.#now, rules }
  }

  /** Takes a snapshot's state over, rule by rule; a rule whose condition changed begins anew. */
  restore(state: RuleEngineState): void {
    this.#now = state.now
    for (const [index, { rule, version }] of this.#programs.entries()) {
      const kept = state.rules[rule.name]
      if (kept?.version !== version) continue
      for (const snapshot of kept.groups) {
        const group = this.#tables[index]?.restore(snapshot)
        if (group !== undefined) this.#schedule(index, group)
      }
    }
  }

  #see(match: RuleMatch, feedback: FeedbackRecord, offset: number, at: number): void {
    const rule = this.#programs[match.rule]
    if (rule === undefined) return
    if (rule.grouping === undefined) this.#single(rule, match.rule, feedback, at, offset)
    else this.#grouped(rule, match, feedback, at, offset)
  }

  /** A rule without groups fires for every feedback that matches, unless ONCE PER holds it back. */
  #single(rule: Program, index: number, feedback: FeedbackRecord, now: number, offset: number): void {
    const row: Row = { feedback, now, group: none, aggregates: none }
    const fingerprint = singleFingerprint(rule, feedback)
    if (rule.oncePer !== undefined) {
      const table = this.#tables[index]
      const throttle = table?.touch(feedback.tenant, feedback.tenant, none)
      if (throttle === undefined || !mayFire(throttle, rule.oncePer, now)) {
        this.#count(fingerprint, now, feedback.severityScore)
        return
      }
      throttle.lastFired = now
      this.#schedule(index, throttle)
      this.#setEarlierApart(fingerprint)
    }
    this.#count(fingerprint, now, feedback.severityScore)
    this.#fire(rule, row, feedback.tenant, fingerprint, feedback.feedbackId, [offset], {
      product_model: feedback.productModel ?? null,
      fault_code: feedback.faultCode?.code ?? null,
      severity_score: feedback.severityScore,
    })
  }

  #grouped(rule: Program, match: RuleMatch, feedback: FeedbackRecord, now: number, offset: number): void {
    const { grouping } = rule
    const table = this.#tables[match.rule]
    if (grouping === undefined || table === undefined) return
    const group = table.touch(groupKey(feedback.tenant, match.values), feedback.tenant, match.values)
    if (grouping.window === 'tumbling') {
      const start = Math.floor(now / grouping.size) * grouping.size
      if (group.windowStart !== start) group.restart(start)
    } else group.evict(now - grouping.size)
    table.add(group, now, offset, match.inputs)
    if (group.firings > 0) this.#count(groupFingerprint(rule, group), now, feedback.severityScore)
    this.#judge(rule, group, now, feedback)
    this.#schedule(match.rule, group)
  }

  /** Rising edge fires; with ONCE PER a condition that stays true fires again when the interval is over. */
  #judge(rule: Program, group: Group, now: number, trigger?: FeedbackRecord): void {
    const { grouping, oncePer } = rule
    if (grouping === undefined || (group.size === 0 && trigger === undefined)) {
      group.firing = false
      return
    }
    const row: Row = { feedback: trigger, now, group: group.values, aggregates: group.aggregates() }
    const holds = grouping.having === undefined || grouping.having(row) === true
    const wasFiring = group.firing
    group.firing = holds
    if (!holds) return
    // Without HAVING there is no edge to wait for: every matching feedback fires, as without groups.
    const edge = grouping.having === undefined ? trigger !== undefined : !wasFiring
    if (oncePer === undefined ? !edge : !mayFire(group, oncePer, now)) return
    const fingerprint = groupFingerprint(rule, group)
    if (group.firings === 0) {
      for (const time of group.liveTimes()) this.#count(fingerprint, time, trigger?.severityScore ?? 0)
    }
    group.firings++
    group.lastFired = now
    this.#fire(rule, row, group.tenant, fingerprint, String(now), group.evidence.slice(-group.size), {})
  }

  #fire(
    rule: Program,
    row: Row,
    tenant: string,
    fingerprint: string,
    occasion: string,
    evidence: readonly number[],
    base: JsonObject,
  ): void {
    const facts: Record<string, JsonValue> = { ...base }
    for (const { name, evaluate, instant } of rule.facts) {
      const value = evaluate(row)
      facts[name] = instant && typeof value === 'number' ? new Date(value).toISOString() : value
    }
    this.#firings.push({
      program: rule,
      tenant,
      fingerprint,
      occasion,
      at: row.now,
      facts,
      actions: rule.actions.map(({ kind, target, priority, params }) => ({
        kind,
        ...(target === undefined ? {} : { target }),
        priority,
        params: Object.fromEntries(params.map(({ name, evaluate }) => [name, evaluate(row)])),
      })),
      evidence,
      ...(row.feedback === undefined ? {} : { trigger: row.feedback }),
    })
  }

  #setEarlierApart(fingerprint: string): void {
    if (this.#firings.some((firing) => firing.fingerprint === fingerprint)) return
    const nothing = { count: 0, severity: 0, lastAt: 0, hours: {} }
    this.#matches.set(fingerprint, {
      ...nothing,
      hours: {},
      earlier: this.#matches.get(fingerprint) ?? nothing,
    })
  }

  #count(fingerprint: string, at: number, severity: number): void {
    const matches = this.#matches.get(fingerprint) ?? { count: 0, severity: 0, lastAt: at, hours: {} }
    this.#matches.set(fingerprint, matches)
    const key = String(Math.floor(at / hour))
    matches.count++
    matches.severity = Math.max(matches.severity, severity)
    matches.lastAt = Math.max(matches.lastAt, at)
    matches.hours[key] = (matches.hours[key] ?? 0) + 1
  }

  #advance(now: number): void {
    for (let next = this.#timers.peek(); next !== undefined && next.due <= now; next = this.#timers.peek()) {
      this.#timers.pop()
      this.#expire(next)
    }
    this.#now = Math.max(this.#now, now)
  }

  /** Time passed for one group: entries leave, the condition may change, an idle group is forgotten. */
  #expire({ rule: index, key, due }: Due): void {
    const rule = this.#programs[index]
    const table = this.#tables[index]
    const group = table?.get(key)
    if (rule === undefined || table === undefined || group === undefined || group.dueAt !== due) return
    group.dueAt = Number.POSITIVE_INFINITY
    const { grouping } = rule
    if (grouping?.window === 'sliding') {
      const before = group.size
      group.evict(due - grouping.size)
      if (group.size !== before) this.#judge(rule, group, due)
    } else if (grouping !== undefined && group.windowStart + grouping.size <= due) group.restart(due)
    if (group.size === 0 && (rule.oncePer === undefined || mayFire(group, rule.oncePer, due)))
      table.delete(key)
    else this.#schedule(index, group)
  }

  #schedule(index: number, group: Group): void {
    const rule = this.#programs[index]
    if (rule === undefined) return
    const due = nextLook(rule, group)
    // An earlier look re-schedules itself; only one that comes too late must be replaced.
    if (due === undefined || due >= group.dueAt) return
    group.dueAt = due
    this.#timers.push({ due, order: `${index} ${group.key}`, rule: index, key: group.key })
  }
}

const none: readonly Value[] = []

function mayFire(group: Group, oncePer: number, now: number): boolean {
  return group.lastFired === null || now - group.lastFired >= oncePer
}

/** The next instant at which time alone changes something about a group. */
function nextLook({ grouping, oncePer }: Program, group: Group): number | undefined {
  if (group.size > 0 && grouping !== undefined) {
    if (grouping.window === 'tumbling') return group.windowStart + grouping.size
    // Most groups never fire: those are only looked at again when they are empty.
    const watched = group.firing || grouping.risesByExpiry
    const from = watched ? group.oldest : group.newest
    return from === undefined ? undefined : from + grouping.size
  }
  return group.lastFired !== null && oncePer !== undefined ? group.lastFired + oncePer : undefined
}

/** One text per group: each value with its type and length, so that no two groups share one. */
function groupKey(tenant: string, values: readonly Value[]): string {
  let key = `${tenant.length}:${tenant}`
  for (const value of values) {
    const text = String(value)
    key += `|${typeof value}:${text.length}:${text}`
  }
  return key
}

function groupFingerprint({ rule }: Program, group: Group): string {
  return JSON.stringify([group.tenant, rule.name, ...group.values])
}

/** Without GROUP BY, one model with one fault is one problem. */
function singleFingerprint({ rule }: Program, feedback: FeedbackRecord): string {
  const about = [feedback.productModel ?? null, feedback.faultCode?.code ?? null]
  return JSON.stringify([feedback.tenant, rule.name, ...about])
}
