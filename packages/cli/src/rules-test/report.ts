import type { Locale } from '@andon/core'
import type { DryFiring } from '@andon/core/rule'
import { printDuration } from '../duration.js'
import type { Paint } from '../paint.js'
import type { TestOutcome, Unmet } from './run-tests.js'

const maxShown = 10

/** The outcomes as a person reads them: failures with what was missing, what was near, and what fired instead. */
export function testReport(outcomes: readonly TestOutcome[], locale: Locale, paint: Paint): string {
  const zh = locale === 'zh'
  const lines = outcomes.map((outcome) => testLines(outcome, locale, paint))
  const passed = outcomes.filter((outcome) => outcome.passed).length
  const failed = outcomes.length - passed
  const count = zh ? `${passed} 项通过，${failed} 项失败` : `${passed} passed, ${failed} failed`
  return [...lines, '', paint(count, failed === 0 ? 'green' : 'red')].join('\n')
}

export function testJson(outcomes: readonly TestOutcome[]): object {
  return {
    passed: outcomes.filter(({ passed }) => passed).length,
    failed: outcomes.filter(({ passed }) => !passed).length,
    tests: outcomes.map(({ name, passed, firings, unmet, surplus }) => ({
      name,
      passed,
      firings: firings.map(jsonFiring),
      unmet: unmet.map(({ expected, missing, nearest }) => ({
        rule: expected.rule,
        missing,
        ...(nearest === undefined ? {} : { differences: nearest.differences }),
      })),
      surplus: surplus.map(jsonFiring),
    })),
  }
}

const jsonFiring = ({ rule, tenant, at, facts, actions }: DryFiring): object => ({
  rule,
  tenant,
  at: new Date(at).toISOString(),
  facts,
  actions,
})

function testLines(outcome: TestOutcome, locale: Locale, paint: Paint): string {
  const { name, passed, unmet, surplus, firings, start } = outcome
  if (passed) {
    const fired = locale === 'zh' ? `触发 ${firings.length} 次` : `${firings.length} fired`
    return `${paint('✓', 'green')} ${name} ${paint(`(${fired})`, 'dim')}`
  }
  return [
    `${paint('✗', 'red')} ${name}`,
    ...unmet.flatMap((one) => unmetLines(one, locale)),
    ...shortened(surplus, locale).map((line) =>
      typeof line === 'string' ? line : surplusLine(line, start, locale),
    ),
  ].join('\n')
}

function unmetLines({ expected, missing, nearest }: Unmet, locale: Locale): readonly string[] {
  const zh = locale === 'zh'
  const head = zh
    ? `    ${expected.rule} 应再触发 ${missing} 次，但没有`
    : `    ${expected.rule} should have fired ${missing === 1 ? 'once' : `${missing} times`} more, and did not`
  if (nearest === undefined) return [head]
  const near = zh ? '      最接近的一次不同之处：' : '      the nearest firing differs in:'
  return [head, near, ...nearest.differences.map((line) => `        ${line}`)]
}

function surplusLine({ rule, at, facts }: DryFiring, start: number, locale: Locale): string {
  const when = `+${printDuration(at - start, locale)}`
  return locale === 'zh'
    ? `    ${rule} 在 ${when} 意外触发：${JSON.stringify(facts)}`
    : `    ${rule} fired unexpectedly at ${when}: ${JSON.stringify(facts)}`
}

function shortened(firings: readonly DryFiring[], locale: Locale): readonly (DryFiring | string)[] {
  if (firings.length <= maxShown) return firings
  const more = firings.length - maxShown
  return [...firings.slice(0, maxShown), locale === 'zh' ? `    另有 ${more} 次` : `    and ${more} more`]
}
