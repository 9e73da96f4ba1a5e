import type { Localized } from '../../text.js'
import type { Rule } from '../ast.js'
import { keepsOf } from './engine-state.js'
import { type BoundProgram, bind, type Program, program } from './program.js'
import type { RuleSet } from './rule-set.js'
import type { RunningRule } from './running-rule.js'

/** What became of a rule while the engine went on, and of what it had seen until then. */
export interface RuleChange {
  readonly rule: string
  readonly change: 'added' | 'changed'
  /** `everything`: windows, open matches and firing state; `windows`: they stay, firing begins anew. */
  readonly keeps: 'everything' | 'windows' | 'nothing'
  readonly note: Localized
}

const notes = {
  added: {
    en: 'It is new. Windows that other rules keep for the same filter and groups are shared with what is in them.',
    zh: '新规则。若已有其他规则为相同的过滤条件和分组维护窗口，则共用该窗口及其内容。',
  },
  everything: {
    en: 'It looks at the same feedback in the same way: its windows and its firing state stay.',
    zh: '所看的反馈和判断方式均未改变：窗口和触发状态保留。',
  },
  windows: {
    en: 'It judges its windows in another way: they stay, its firing state begins anew.',
    zh: '判断方式已改变：窗口保留，触发状态重新开始。',
  },
  nothing: {
    en: 'Its filter, pattern, groups or window changed, or it looks at values that were not kept: it begins anew.',
    zh: '过滤条件、模式、分组或窗口已改变，或需要此前未保留的值：从头开始。',
  },
} as const satisfies Record<string, Localized>

/**
 * Adds a rule, or changes the one of its name. The state of all others stays as it is.
 * @param now instant of the journal (epoch ms)
 */
export function changeRule(set: RuleSet, rule: Rule, now: number): RuleChange {
  const before = set.get(rule.name)
  const others = set.rules.flatMap(({ program: { rule: other } }) =>
    other.name === rule.name ? [] : [other],
  )
  set.inhibitions.set([...others, rule])
  if (before === undefined) {
    set.add(rule)
    return { rule: rule.name, change: 'added', keeps: 'nothing', note: notes.added }
  }
  const keeps = replace(set, before, program(rule), now)
  return { rule: rule.name, change: 'changed', keeps, note: notes[keeps] }
}

function replace(set: RuleSet, before: RunningRule, after: Program, now: number): RuleChange['keeps'] {
  const { program: was, from, order } = before
  const judges = was.lifeKey === after.lifeKey ? 'everything' : 'windows'
  const bound = rebound(before, after)
  if (bound !== undefined) {
    const fired = from.kind === 'single' && judges === 'everything' ? from.single.snapshot(now) : {}
    set.reword(before, bound, fired)
    return judges
  }
  set.remove(was.rule.name)
  set.place(after, {}, order)
  return 'nothing'
}

/** The rule over what the one before has kept; undefined when it looks at something else. */
function rebound({ from, program: was }: RunningRule, after: Program): BoundProgram | undefined {
  if (was.planKey !== after.planKey) return undefined
  const plan = from.kind === 'window' ? from.window.plan : undefined
  const aggregates = after.grouping?.aggregates ?? []
  if (plan !== undefined && aggregates.some((aggregate) => plan.indexOf(aggregate) < 0)) return undefined
  const bound = bind(after, plan)
  return keepsOf(was) === keepsOf(bound) ? bound : undefined
}
