import type { Expression, Rule } from '../ast.js'
import type { DiagnosticList } from './diagnostics.js'
import { childrenOf } from './expression-tree.js'
import { intervalMilliseconds } from './interval.js'
import { checkLength } from './life-checker.js'
import type { ParsedRule } from './parsed-rule.js'
import type { SourceText } from './source-text.js'

/** More entries than anyone counts, and as many as memory should hold. */
const mostEntries = 1_000_000

const isEntryCount = (count: number): boolean => Number.isInteger(count) && count >= 1 && count <= mostEntries

/** The most entries that a window can hold, where that is known. */
export const entriesAtMost = (window: Rule['window']): number | undefined =>
  window?.kind === 'count' && isEntryCount(window.count) ? window.count : undefined

/** Checks WINDOW by itself: its size, and what goes together. */
export function checkWindow({ rule, places }: ParsedRule, diagnostics: DiagnosticList): void {
  const { window } = rule
  if (window === undefined || places.window === undefined) return
  const { size, lateness, final } = places.window
  if (window.kind === 'count') {
    if (isEntryCount(window.count)) return
    diagnostics.add(size.source, size.span, {
      code: 'wrong-value',
      message: {
        en: `WINDOW COUNT takes a whole number from 1 to ${mostEntries}`,
        zh: `WINDOW COUNT 需要 1 到 ${mostEntries} 的整数`,
      },
    })
    return
  }
  checkLength(window.size, size, 'WINDOW', diagnostics)
  if (window.lateness !== undefined && lateness !== undefined && intervalMilliseconds(window.lateness) < 0) {
    diagnostics.add(lateness.source, lateness.span, {
      code: 'wrong-value',
      message: { en: 'LATENESS cannot be negative', zh: 'LATENESS 不能为负' },
    })
  }
  if (window.final === true && window.kind === 'sliding' && final !== undefined) {
    diagnostics.add(final.source, final.span, {
      code: 'not-allowed-here',
      message: {
        en: 'EMIT FINAL needs a window that closes: TUMBLING or SESSION',
        zh: 'EMIT FINAL 需要会关闭的窗口：TUMBLING 或 SESSION',
      },
    })
  }
}

/** Warns of a WINDOW in a rule that looks at no group. */
export function checkWindowUsed({ places }: ParsedRule, diagnostics: DiagnosticList): void {
  if (places.window === undefined) return
  const { source, span } = places.window.size
  diagnostics.add(source, span, {
    severity: 'warning',
    code: 'no-effect',
    message: {
      en: 'WINDOW has no effect without GROUP BY, HAVING or an aggregate',
      zh: '没有 GROUP BY、HAVING 或聚合函数时，WINDOW 不起作用',
    },
  })
}

/** Reports RATE over a window that has no length to divide by. */
export function checkRates(
  expression: Expression,
  window: Rule['window'],
  place: { readonly source: SourceText; readonly diagnostics: DiagnosticList },
): void {
  if (window?.kind !== 'session' && window?.kind !== 'count') return
  if (expression.type === 'aggregate' && expression.name === 'RATE') {
    const name = window.kind.toUpperCase()
    place.diagnostics.add(place.source, expression.span, {
      code: 'not-allowed-here',
      message: {
        en: `RATE needs a window of fixed length, SLIDING or TUMBLING; the length of a ${name} window varies`,
        zh: `RATE 需要固定时长的窗口（SLIDING 或 TUMBLING）；${name} 窗口的时长不固定`,
      },
    })
    return
  }
  for (const child of childrenOf(expression)) checkRates(child, window, place)
}
