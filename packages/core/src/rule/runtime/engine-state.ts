import type { JsonObject } from '../../json.js'
import { AggregatePlan, inputKey } from './aggregate/aggregate-plan.js'
import type { GroupSnapshot } from './group-table.js'
import type { GroupedRunner } from './grouped-runner.js'
import type { PatternSnapshot } from './pattern/pattern-runner.js'
import type { Program } from './program.js'
import type { Inheritance, RuleSet } from './rule-set.js'
import type { ThrottleSnapshot } from './single-runner.js'
import type { EntriesSnapshot } from './window/entries.js'

/** Windows as they stand in a snapshot, with the rules that looked at them. */
interface WindowState extends JsonObject {
  readonly planKey: string
  /** What is kept of each entry, in the order of its inputs. */
  readonly columns: readonly string[]
  /** Rule → how it judged. */
  readonly rules: { readonly [rule: string]: string }
  readonly groups: readonly GroupSnapshot[]
}

/** The engine's whole state, as plain JSON. */
export interface RuleEngineState extends JsonObject {
  readonly now: number
  readonly windows: readonly WindowState[]
  /** By rule: open matches, and what they keep of each step. */
  readonly patterns: {
    readonly [rule: string]: {
      readonly planKey: string
      readonly keeps: string
      readonly matches: PatternSnapshot
    }
  }
  /** By rule: when it fired last. */
  readonly throttles: {
    readonly [rule: string]: { readonly planKey: string; readonly fired: ThrottleSnapshot }
  }
}

export function snapshotOf(set: RuleSet, now: number): RuleEngineState {
  const windows: WindowState[] = []
  for (const window of set.windows) {
    const groups = window.snapshot()
    // An empty one beside others like it counts: its rules must not find themselves among those of another.
    if (groups.length === 0 && set.windowsLike(window.planKey).length < 2) continue
    const rules = window.subscribers.flatMap((program): [string, string][] =>
      program === undefined ? [] : [[program.rule.name, program.lifeKey]],
    )
    windows.push({
      planKey: window.planKey,
      columns: window.plan.columns,
      rules: Object.fromEntries(rules),
      groups,
    })
  }
  const patterns: [string, RuleEngineState['patterns'][string]][] = []
  const throttles: [string, RuleEngineState['throttles'][string]][] = []
  for (const { program, pattern, from } of set.rules) {
    const { planKey, rule } = program
    if (pattern !== undefined && pattern.runner.size > 0) {
      patterns.push([rule.name, { planKey, keeps: keepsOf(program), matches: pattern.runner.snapshot() }])
    }
    const fired = from.kind === 'single' ? from.single.snapshot(now) : {}
    if (Object.keys(fired).length > 0) throttles.push([rule.name, { planKey, fired }])
  }
  return { now, windows, patterns: Object.fromEntries(patterns), throttles: Object.fromEntries(throttles) }
}

/** Places the rules anew, each with the state that a snapshot has for it. */
export function restoreRules(set: RuleSet, state: RuleEngineState): void {
  const waiting = new Map(set.rules.map(({ program, order }) => [program.rule.name, { program, order }]))
  for (const name of waiting.keys()) set.remove(name)
  const known = new Set(state.windows.flatMap(({ rules }) => Object.keys(rules)))
  for (const saved of state.windows) {
    // What inhibits is looked at before what it inhibits: each rank has a window of its own.
    const windows = new Map<number, GroupedRunner>()
    for (const [name, { program, order }] of waiting) {
      const belongs = Object.hasOwn(saved.rules, name) || !known.has(name)
      if (!belongs || program.planKey !== saved.planKey || !isKept(program, saved.columns)) continue
      waiting.delete(name)
      const rank = set.inhibitions.rankOf(name)
      const window = set.place(program, inheritanceOf(program, state), order, windows.get(rank) ?? 'new')
      if (window !== undefined) windows.set(rank, window)
    }
    for (const window of windows.values()) {
      const { columns } = window.plan
      window.restore(
        saved.groups.map((group) => withColumns(group, saved.columns, columns)),
        ({ rule, lifeKey }) => saved.rules[rule.name] === lifeKey,
      )
    }
  }
  for (const { program, order } of waiting.values()) set.place(program, inheritanceOf(program, state), order)
}

function inheritanceOf(program: Program, { patterns, throttles }: RuleEngineState): Inheritance {
  const { planKey, rule } = program
  const pattern = patterns[rule.name]
  const throttle = throttles[rule.name]
  return {
    ...(pattern?.planKey === planKey && pattern.keeps === keepsOf(program)
      ? { pattern: pattern.matches }
      : {}),
    ...(throttle?.planKey === planKey ? { throttle: throttle.fired } : {}),
  }
}

/** What is kept of each step of a pattern, as a text that compares. */
export function keepsOf({ pattern }: Program): string {
  return JSON.stringify(pattern?.selectors().map(({ inputs }) => inputs.map(inputKey)) ?? [])
}

/** True when the snapshot has everything that a rule looks at. */
function isKept({ grouping }: Program, columns: readonly string[]): boolean {
  const own = new AggregatePlan(grouping?.windowMs, grouping?.aggregates ?? [])
  return own.columns.every((column) => columns.includes(column))
}

/** A group's entries with their inputs in another order, and without those that nobody looks at any more. */
function withColumns(group: GroupSnapshot, from: readonly string[], to: readonly string[]): GroupSnapshot {
  const places = to.map((column) => from.indexOf(column))
  const moved = (entries: EntriesSnapshot): EntriesSnapshot => ({
    ...entries,
    inputs: places.map((place) => entries.inputs[place] ?? []),
  })
  const { window } = group
  return {
    ...group,
    window: window.kind === 'panes' ? { ...window, panes: window.panes.map(moved) } : moved(window),
  }
}
