import type { PreparedEntry } from '../../engine/stream/prepared.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Rule } from '../ast.js'
import type { Row } from './compile.js'
import { type Due, GroupDue } from './due.js'
import { type RuleEngineState, restoreRules, snapshotOf } from './engine-state.js'
import type { Findings, Firing } from './finding.js'
import { FiringLog } from './firing-log.js'
import type { Group } from './group.js'
import type { GroupLimits } from './group-table.js'
import type { Arrival, GroupedRunner } from './grouped-runner.js'
import type { RuleMatch, RuleMatcher } from './matcher.js'
import type { PatternMatch } from './pattern/pattern-runner.js'
import { changeRule, type RuleChange } from './rule-change.js'
import { RuleSet } from './rule-set.js'
import type { RunningPattern, RunningRule } from './running-rule.js'
import type { SingleRunner } from './single-runner.js'
import { TimerQueue } from './timer-queue.js'
import type { Value } from './value.js'

/** What the caps and the watermark made a rule forget. */
export interface RuleLosses {
  /** Window entries beyond `maxEntriesPerGroup`. */
  readonly entries: number
  /** Groups beyond `maxGroups`; for ONCE PER without groups, tenants. */
  readonly groups: number
  /** Matches of a pattern beyond `maxGroups`. */
  readonly matches: number
  /** Feedback that came later than LATENESS allows. */
  readonly late: number
}

const none: readonly Value[] = []

/**
 * Runs rules over the journal. Time comes from the entries alone: before an entry is looked at, everything
 * that fell due before it happens at its own instant, so it makes no difference how often time was ticked.
 */
export class RuleEngine {
  readonly #log = new FiringLog()
  readonly #set: RuleSet
  readonly #timers = new TimerQueue<Due>((timer) => this.#isAwaited(timer))
  #now = 0

  constructor(rules: readonly Rule[], limits: GroupLimits) {
    this.#set = new RuleSet(this.#log, limits)
    this.#set.inhibitions.set(rules)
    for (const rule of rules) this.#set.add(rule)
  }

  /** Which rules want to know of a feedback; changes with the rules. */
  get matcher(): RuleMatcher {
    return this.#set.matcher
  }

  /** In their order. */
  get rules(): readonly Rule[] {
    return this.#set.rules.map(({ program }) => program.rule)
  }

  /** When time alone will change something next (epoch ms); undefined when nothing waits. */
  get nextDue(): number | undefined {
    return this.#set.inhibitions.hasReleased ? this.#now : this.#timers.peek()?.due
  }

  /** By rule; empty when nothing was lost. */
  losses(): Readonly<Record<string, RuleLosses>> {
    const losses = this.#set.rules.map(({ program, from, pattern }): [string, RuleLosses] => {
      const of =
        from.kind === 'window' ? from.window.losses : { entries: 0, groups: from.single.lost, late: 0 }
      return [program.rule.name, { ...of, matches: pattern?.runner.lost ?? 0 }]
    })
    return Object.fromEntries(
      losses.filter(([, { entries, groups, late, matches }]) => entries + groups + late + matches > 0),
    )
  }

  observe(entries: readonly PreparedEntry[]): Findings {
    for (const entry of entries) {
      this.#advance(entry.at)
      if (entry.kind !== 'feedback') continue
      const { feedback, offset, at } = entry
      const matches = entry.matches ?? this.matcher.match(feedback, at)
      if (matches.length === 0) continue
      const before = this.#log.length
      const { tenant, severityScore: severity } = feedback
      const arrival: Arrival = { at, entered: true, trigger: feedback, severity, tenant, offset }
      for (const match of this.#inRank(matches)) this.#see(match, feedback, arrival)
      this.#release(at)
      if (this.#log.length - before > 1) this.#log.sortSince(before, this.#orderOf)
    }
    return this.#log.take()
  }

  readonly #orderOf = ({ program }: Firing): number => this.#set.get(program.rule.name)?.order ?? 0

  /** Adds a rule, or changes the one of that name; says what state it keeps. */
  put(rule: Rule): RuleChange {
    const change = changeRule(this.#set, rule, this.#now)
    this.#settle()
    return change
  }

  /** @returns false when there is no rule of that name */
  remove(name: string): boolean {
    const isKnown = this.#set.get(name) !== undefined
    this.#set.remove(name)
    this.#settle()
    return isKnown
  }

  snapshot(): RuleEngineState {
    return snapshotOf(this.#set, this.#now)
  }

  /** Takes a snapshot's state over, rule by rule; a rule whose condition changed begins anew. */
  restore(state: RuleEngineState): void {
    this.#now = state.now
    this.#placeAnew(state)
    this.#plan()
  }

  /** After a change of the rules. */
  #settle(): void {
    this.#set.refreshInhibitions()
    if (this.#set.isOutOfRank) this.#placeAnew(this.snapshot())
    this.#plan()
  }

  #placeAnew(state: RuleEngineState): void {
    restoreRules(this.#set, state)
    this.#set.refreshInhibitions()
    for (const window of this.#set.windows) {
      for (const group of window.all()) {
        // The same look at the same instant as if it had gone on: what is forgotten is forgotten then.
        if (Number.isFinite(group.dueAt)) this.#await(window, group)
      }
    }
  }

  /** Rules that inhibit others are looked at before them. */
  #inRank(matches: readonly RuleMatch[]): readonly RuleMatch[] {
    if (this.#set.inhibitions.isEmpty || matches.length < 2) return matches
    return matches.toSorted((a, b) => this.#rankOf(a) - this.#rankOf(b))
  }

  #rankOf({ selector }: RuleMatch): number {
    const target = this.#set.targetOf(selector)
    if (target === undefined) return 0
    return target.kind === 'window' ? target.rank : this.#set.inhibitions.rankOf(target.rule)
  }

  #see(match: RuleMatch, feedback: FeedbackRecord, arrival: Arrival): void {
    const target = this.#set.targetOf(match.selector)
    if (target === undefined) return
    const { tenant, offset, at } = arrival
    switch (target.kind) {
      case 'single':
        this.#single(target.rule)?.see(feedback, at, offset)
        return
      case 'window':
        this.#schedule(target, target.see(match, arrival))
        return
      case 'step': {
        const rule = this.#set.get(target.rule)
        const pattern = rule?.pattern
        if (rule === undefined || pattern === undefined) return
        const { inputs } = match
        const found = pattern.runner.see({ step: target.step, tenant, inputs, offset, at, feedback })
        for (const complete of found) this.#complete(rule, pattern, complete)
        this.#schedulePattern(rule, pattern)
      }
    }
  }

  #single(name: string): SingleRunner | undefined {
    const from = this.#set.get(name)?.from
    return from?.kind === 'single' ? from.single : undefined
  }

  /** A match of a pattern is complete: it fires, or goes into a window. */
  #complete({ from }: RunningRule, { by, inputs }: RunningPattern, match: PatternMatch): void {
    if (from.kind === 'single') {
      from.single.seeMatch(match)
      return
    }
    const { tenant, steps, offsets, at, feedback } = match
    const row: Row = { feedback, steps, now: at, group: none, aggregates: none }
    const severity = steps.at(-1)?.[3]
    const input = {
      values: by.map((value) => value(row)),
      inputs: inputs.map((value) => value(row)),
      time: at,
      until: Number.POSITIVE_INFINITY,
    }
    const group = from.window.see(input, {
      at,
      entered: true,
      trigger: feedback,
      severity: typeof severity === 'number' ? severity : 0,
      tenant,
      offset: offsets.at(-1) ?? 0,
    })
    this.#schedule(from.window, group)
  }

  #advance(now: number): void {
    // What a change of the rules has set free, at the instant of the change.
    this.#release(this.#now)
    for (let next = this.#timers.peek(); next !== undefined && next.due <= now; next = this.#timers.peek()) {
      this.#timers.pop()
      this.#now = next.due
      this.#expire(next)
      this.#release(next.due)
    }
    this.#now = Math.max(this.#now, now)
  }

  #expire(due: Due): void {
    if (!this.#isAwaited(due)) return
    if (due.kind === 'group') {
      const { window, group } = due
      group.dueAt = Number.POSITIVE_INFINITY
      window.expire(group, due.due)
      if (group.isKept) this.#schedule(window, group)
      return
    }
    const { pattern } = due
    const rule = this.#set.get(due.key)
    if (rule === undefined) return
    pattern.dueAt = Number.POSITIVE_INFINITY
    for (const match of pattern.runner.expire(due.due)) this.#complete(rule, pattern, match)
    this.#schedulePattern(rule, pattern)
  }

  /** What was silent because of a rule that no longer fires is looked at again. */
  #release(at: number): void {
    for (const name of this.#set.inhibitions.takeReleased()) {
      const from = this.#set.get(name)?.from
      if (from?.kind !== 'window') continue
      for (const group of from.window.release(name, at)) this.#schedule(from.window, group)
    }
  }

  /** Sets timers for everything that waits. */
  #plan(): void {
    for (const window of this.#set.windows) {
      window.foresee(this.#now)
      for (const group of window.all()) this.#schedule(window, group)
    }
    for (const rule of this.#set.rules) {
      if (rule.pattern !== undefined) this.#schedulePattern(rule, rule.pattern)
    }
  }

  #schedule(window: GroupedRunner, group: Group | undefined): void {
    if (group === undefined) return
    const due = window.nextDue(group, this.#now)
    // An earlier look re-schedules itself; only one that comes too late must be replaced.
    if (due === undefined || due >= group.dueAt) return
    group.dueAt = due
    this.#await(window, group)
  }

  #await(window: GroupedRunner, group: Group): void {
    this.#timers.push(new GroupDue(window, group))
  }

  #isAwaited(timer: Due): boolean {
    if (timer.kind === 'pattern') {
      return timer.pattern.dueAt === timer.due && this.#set.get(timer.key)?.pattern === timer.pattern
    }
    // With a window its groups go, too.
    return timer.group.isKept && timer.group.dueAt === timer.due
  }

  #schedulePattern(rule: RunningRule, pattern: RunningPattern): void {
    const due = pattern.runner.nextDue
    if (due === undefined || due >= pattern.dueAt) return
    pattern.dueAt = due
    const { name } = rule.program.rule
    this.#timers.push({
      kind: 'pattern',
      due,
      order: this.#set.orderInTime(name, rule.order),
      key: name,
      pattern,
    })
  }
}
