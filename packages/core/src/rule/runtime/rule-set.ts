import type { Rule } from '../ast.js'
import { keyOf } from '../language/expression-tree.js'
import { type Aggregate, AggregatePlan } from './aggregate/aggregate-plan.js'
import { compile, type Evaluate, type Scope } from './compile.js'
import type { FiringLog } from './firing-log.js'
import { GroupJudge } from './group-judge.js'
import type { GroupLimits } from './group-table.js'
import { GroupedRunner } from './grouped-runner.js'
import { Inhibitions } from './inhibitions.js'
import { RuleMatcher, type Selector } from './matcher.js'
import { GroupMemory } from './memory/group-memory.js'
import { endingBounds } from './now-bounds.js'
import { PatternRunner, type PatternSnapshot } from './pattern/pattern-runner.js'
import { type BoundProgram, bind, type Program, program } from './program.js'
import type { RunningPattern, RunningRule, SelectorTarget } from './running-rule.js'
import { SingleRunner, type ThrottleSnapshot } from './single-runner.js'
import type { WindowSpec } from './window/window-spec.js'

/** What a rule may take over when it is placed. */
export interface Inheritance {
  readonly pattern?: PatternSnapshot
  readonly throttle?: ThrottleSnapshot
}

/** More than there are ever rules. */
const perRank = 2 ** 32

/** The rules at work, with everything that feeds them. Rules that keep the same windows share them. */
export class RuleSet {
  readonly matcher = new RuleMatcher()
  readonly inhibitions = new Inhibitions()
  readonly #rules = new Map<string, RunningRule>()
  readonly #windows = new Set<GroupedRunner>()
  readonly #windowsOf = new Map<string, GroupedRunner[]>()
  readonly #targets: (SelectorTarget | undefined)[] = []
  /** Ids of selectors that are gone. */
  readonly #freeIds: number[] = []
  /** The selectors of each window, and by its name of each rule that has its own. */
  readonly #selectorsOf = new Map<GroupedRunner | string, number[]>()
  /** Windows that are alike share what describes them: it stays in the processor's cache. */
  readonly #plans = new Map<string, AggregatePlan>()
  readonly #specs = new Map<string, WindowSpec>()
  readonly #log: FiringLog
  readonly #limits: GroupLimits
  readonly #judge: GroupJudge
  readonly #memory = new GroupMemory()
  #nextOrder = 0

  constructor(log: FiringLog, limits: GroupLimits) {
    this.#log = log
    this.#limits = limits
    this.#judge = new GroupJudge(log, this.inhibitions)
  }

  /** In their order. */
  get rules(): readonly RunningRule[] {
    return [...this.#rules.values()].sort((a, b) => a.order - b.order)
  }

  get windows(): ReadonlySet<GroupedRunner> {
    return this.#windows
  }

  /** Those that are fed and filled alike, though not all of them keep the same. */
  windowsLike(planKey: string): readonly GroupedRunner[] {
    return this.#windowsOf.get(planKey) ?? []
  }

  get(name: string): RunningRule | undefined {
    return this.#rules.get(name)
  }

  targetOf(selector: number): SelectorTarget | undefined {
    return this.#targets[selector]
  }

  /** Tells the inhibitions which rules there are, what is firing and what would. */
  refreshInhibitions(): void {
    this.inhibitions.set(this.rules.map(({ program: { rule } }) => rule))
    for (const window of this.#windows) window.tellLives()
  }

  /** What falls due at the same instant happens in this order: ranks first, then the places of the rules. */
  orderInTime(rule: string, order: number): number {
    return this.inhibitions.rankOf(rule) * perRank + order
  }

  /** True when a rule stands in a window that is looked at too early, or too late, for what inhibits it now. */
  get isOutOfRank(): boolean {
    return this.rules.some(
      ({ program: { rule }, from }) =>
        from.kind === 'window' && from.window.rank !== this.inhibitions.rankOf(rule.name),
    )
  }

  add(rule: Rule): void {
    this.place(program(rule), {}, this.#nextOrder)
  }

  /**
   * Puts a rule to work; gives the window that it looks at.
   * @param into the window to use; by default one that is there and has what the rule needs, else a new one
   */
  place(
    unbound: Program,
    inheritance: Inheritance,
    order: number,
    into?: GroupedRunner | 'new',
  ): GroupedRunner | undefined {
    this.#nextOrder = Math.max(this.#nextOrder, order + 1)
    const window = unbound.grouping === undefined ? undefined : this.#windowFor(unbound, order, into)
    const bound = bind(unbound, window?.plan)
    window?.subscribe(bound)
    const running: RunningRule = {
      program: bound,
      order,
      pattern: this.#pattern(bound, window, inheritance.pattern),
      from:
        window === undefined
          ? { kind: 'single', single: this.#single(bound, inheritance.throttle) }
          : { kind: 'window', window },
    }
    this.#rules.set(unbound.rule.name, running)
    this.#select(running)
    return window
  }

  /** Another wording of a rule, which looks at the same, takes its place; everything it has seen stays. */
  reword(running: RunningRule, bound: BoundProgram, throttle: ThrottleSnapshot): void {
    const { from } = running
    if (from.kind === 'window') from.window.replace(bound)
    this.#rules.set(bound.rule.name, {
      ...running,
      program: bound,
      from: from.kind === 'window' ? from : { kind: 'single', single: this.#single(bound, throttle) },
    })
  }

  remove(name: string): void {
    const running = this.#rules.get(name)
    if (running === undefined) return
    this.#rules.delete(name)
    this.#deafen(name)
    if (running.from.kind !== 'window') return
    const { window } = running.from
    window.unsubscribe(name)
    if (window.subscribers.some((subscriber) => subscriber !== undefined)) return
    window.clear()
    this.#windows.delete(window)
    const others = this.#windowsOf.get(window.planKey)?.filter((other) => other !== window) ?? []
    if (others.length > 0) this.#windowsOf.set(window.planKey, others)
    else this.#windowsOf.delete(window.planKey)
    this.#deafen(window)
  }

  /** True when a window with the same plan has everything that the rule looks at. */
  #canShare({ grouping, pattern, rule }: Program, window: GroupedRunner): boolean {
    return (
      pattern === undefined &&
      window.rank === this.inhibitions.rankOf(rule.name) &&
      (window.size === 0 ||
        (grouping?.aggregates ?? []).every((aggregate) => window.plan.indexOf(aggregate) >= 0))
    )
  }

  #windowFor(unbound: Program, order: number, into: GroupedRunner | 'new' | undefined): GroupedRunner {
    const known =
      typeof into === 'object'
        ? into
        : into === 'new'
          ? undefined
          : this.#windowsOf.get(unbound.planKey)?.find((window) => this.#canShare(unbound, window))
    const window = known ?? this.#openWindow(unbound, order)
    const missing = (unbound.grouping?.aggregates ?? []).filter(
      (aggregate) => window.plan.indexOf(aggregate) < 0,
    )
    if (missing.length === 0) return window
    const before = window.plan.inputs.length
    window.keep(this.#planOf(unbound.grouping?.windowMs, [...window.plan.aggregates, ...missing]))
    // What it looks at has grown: the selector must bring it along.
    if (known !== undefined && window.plan.inputs.length > before) {
      this.#deafen(window)
      this.#selectWindow(unbound, window)
    }
    return window
  }

  /** One plan for all windows that keep the same. */
  #planOf(windowMs: number | undefined, aggregates: readonly Aggregate[]): AggregatePlan {
    const key = JSON.stringify([windowMs, aggregates.map(keyOf)])
    const plan = this.#plans.get(key) ?? new AggregatePlan(windowMs, aggregates)
    this.#plans.set(key, plan)
    return plan
  }

  #openWindow({ planKey, grouping, rule }: Program, order: number): GroupedRunner {
    const plan = this.#planOf(grouping?.windowMs, [])
    const wanted = grouping?.window ?? { mode: 'live', kind: 'sliding', size: 0, expires: false }
    const spec = this.#specs.get(JSON.stringify(wanted)) ?? wanted
    this.#specs.set(JSON.stringify(wanted), spec)
    const rank = this.inhibitions.rankOf(rule.name)
    const place = { planKey, rank, order: this.orderInTime(rule.name, order) }
    const window = new GroupedRunner(place, spec, plan, this.#memory, this.#limits, this.#judge)
    this.#windows.add(window)
    this.#windowsOf.set(planKey, [...(this.#windowsOf.get(planKey) ?? []), window])
    return window
  }

  #single(bound: BoundProgram, throttle: ThrottleSnapshot | undefined): SingleRunner {
    return new SingleRunner(bound, this.#log, this.inhibitions, this.#limits.maxGroups, throttle)
  }

  #pattern(
    { pattern, grouping }: BoundProgram,
    window: GroupedRunner | undefined,
    from: PatternSnapshot | undefined,
  ): RunningPattern | undefined {
    if (pattern === undefined) return undefined
    const runner = new PatternRunner(pattern, this.#limits.maxGroups)
    if (from !== undefined) runner.restore(from)
    return {
      runner,
      by: (grouping?.by ?? []).map((expression) => compile(expression, pattern.scope)),
      inputs: (window?.plan.inputs ?? []).map(({ argument, filter }) => {
        const value: Evaluate = argument === undefined ? () => true : compile(argument, pattern.scope)
        return filter === undefined ? value : filtered(value, filter, pattern.scope)
      }),
      dueAt: Number.POSITIVE_INFINITY,
    }
  }

  /** Says what of each feedback the rule wants to see. */
  #select(running: RunningRule): void {
    const { program: bound, from } = running
    const { rule, pattern } = bound
    if (pattern !== undefined) {
      // Later steps first, so that no feedback follows itself.
      for (const { step, where, inputs } of pattern.selectors().toReversed()) {
        this.#listen({ kind: 'step', rule: rule.name, step }, { where, inputs })
      }
    } else if (from.kind === 'window') {
      if (!this.#selectorsOf.has(from.window)) this.#selectWindow(bound, from.window)
    } else {
      this.#listen({ kind: 'single', rule: rule.name }, { where: rule.where })
    }
  }

  #selectWindow({ rule, grouping }: Program, window: GroupedRunner): void {
    this.#listen(window, {
      where: rule.where,
      by: grouping?.by ?? [],
      inputs: window.plan.inputs,
      eventTime: grouping?.window.mode !== 'live' && grouping?.window.lateness !== undefined,
      expiry: grouping?.window.mode === 'live' ? endingBounds(rule.where) : [],
    })
  }

  #listen(
    target: SelectorTarget,
    {
      where,
      by = [],
      inputs = [],
      eventTime = false,
      expiry = [],
    }: { readonly where: Selector['where'] | undefined } & Partial<Omit<Selector, 'id' | 'where'>>,
  ): void {
    // The steps of a pattern need ids in their order, so theirs are new ones.
    const id = (target.kind === 'step' ? undefined : this.#freeIds.pop()) ?? this.#targets.length
    this.#targets[id] = target
    const owner = target.kind === 'window' ? target : target.rule
    this.#selectorsOf.set(owner, [...(this.#selectorsOf.get(owner) ?? []), id])
    this.matcher.add({ id, ...(where === undefined ? {} : { where }), by, inputs, eventTime, expiry })
  }

  /** Nothing is brought to a window, or to a rule of its own, any more. */
  #deafen(owner: GroupedRunner | string): void {
    for (const id of this.#selectorsOf.get(owner) ?? []) {
      this.#targets[id] = undefined
      this.#freeIds.push(id)
      this.matcher.remove(id)
    }
    this.#selectorsOf.delete(owner)
  }
}

function filtered(value: Evaluate, filter: Parameters<typeof compile>[0], scope: Scope): Evaluate {
  const passes = compile(filter, scope)
  return (row) => (passes(row) === true ? value(row) : null)
}
