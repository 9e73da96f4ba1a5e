import type { Interval } from '../ast.js'
import type { DiagnosticList } from './diagnostics.js'
import { intervalMilliseconds } from './interval.js'
import type { Located, ParsedRule } from './parsed-rule.js'

/** Reports a length of nothing, or less. */
export function checkLength(
  length: Interval,
  place: Located | undefined,
  name: string,
  diagnostics: DiagnosticList,
): void {
  if (place === undefined || intervalMilliseconds(length) > 0) return
  diagnostics.add(place.source, place.span, {
    code: 'wrong-value',
    message: { en: `${name} must be longer than nothing`, zh: `${name} 的时长必须大于零` },
  })
}

/** Checks FOR, KEEP FIRING FOR, RESOLVE WHEN and ONCE PER: their lengths, and that there is a firing to speak of. */
export function checkLife({ rule, places, complete }: ParsedRule, diagnostics: DiagnosticList): void {
  const { holdFor, keepFiringFor, oncePer, resolveWhen } = rule
  if (holdFor !== undefined) checkLength(holdFor, places.holdFor, 'FOR', diagnostics)
  if (keepFiringFor !== undefined)
    checkLength(keepFiringFor, places.keepFiringFor, 'KEEP FIRING FOR', diagnostics)
  if (oncePer !== undefined) checkLength(oncePer, places.oncePer, 'ONCE PER', diagnostics)
  const resolve =
    resolveWhen === undefined || places.resolveWhen === undefined
      ? undefined
      : { source: places.resolveWhen, span: resolveWhen.span }
  const clauses = [
    ['RESOLVE WHEN', resolve],
    ['FOR', holdFor && places.holdFor],
    ['KEEP FIRING FOR', keepFiringFor && places.keepFiringFor],
  ] as const
  const conflict = conflictOf(rule)
  for (const [name, place] of clauses) {
    if (place === undefined) continue
    // The HAVING may be what was lost.
    if (rule.having === undefined) {
      if (complete) needsHaving(name, place, diagnostics)
    } else if (conflict !== undefined) goesNotWith(name, conflict, place, diagnostics)
  }
}

/** What lets a rule judge only what is over: it is never in the middle of a firing. */
function conflictOf({ window }: ParsedRule['rule']): 'ON EVENT TIME' | 'EMIT FINAL' | undefined {
  if (window === undefined || window.kind === 'count') return undefined
  if (window.lateness !== undefined) return 'ON EVENT TIME'
  return window.final === true ? 'EMIT FINAL' : undefined
}

function needsHaving(name: string, { source, span }: Located, diagnostics: DiagnosticList): void {
  diagnostics.add(source, span, {
    code: 'not-allowed-here',
    message: {
      en: `${name} needs HAVING: without it a rule fires for each feedback, not for a while`,
      zh: `${name} 需要 HAVING：没有它，规则只对单条反馈触发，没有持续的触发状态`,
    },
  })
}

function goesNotWith(
  name: string,
  conflict: string,
  { source, span }: Located,
  diagnostics: DiagnosticList,
): void {
  diagnostics.add(source, span, {
    code: 'not-allowed-here',
    message: { en: `${name} does not go with ${conflict}`, zh: `${name} 不能与 ${conflict} 同时使用` },
  })
}
