import type { FeedbackRecord } from '@andon/core/feedback'
import { type DryFiring, dryRun, type Rule } from '@andon/core/rule'
import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import { nearest } from '../suggest.js'
import { givenFeedback } from './given-feedback.js'
import { differences } from './subset.js'
import type { ExpectedFiring, Moment, RuleTest, TestFile } from './test-file.js'

/** What became of one test. */
export interface TestOutcome {
  readonly name: string
  readonly passed: boolean
  /** Epoch ms. */
  readonly start: number
  /** Everything that fired, in order. */
  readonly firings: readonly DryFiring[]
  readonly unmet: readonly Unmet[]
  /** Fired, but not expected. */
  readonly surplus: readonly DryFiring[]
}

/** An expectation that no firing met. */
export interface Unmet {
  readonly expected: ExpectedFiring
  /** How many of the firings it asks for are missing. */
  readonly missing: number
  /** The firing of that rule that came nearest, and where it differs. */
  readonly nearest?: { readonly firing: DryFiring; readonly differences: readonly string[] }
}

interface Arrival {
  readonly at: number
  readonly feedback: FeedbackRecord
}

/**
 * Runs each test from nothing, in virtual time, with the real rule engine.
 *
 * @throws CliError exit code 1 for a feedback with wrong fields or an expectation of an unknown rule
 */
export function runTests(
  { tests, start, feedback }: TestFile,
  rules: readonly Rule[],
): readonly TestOutcome[] {
  return tests.map((test) => runTest(test, start, feedback, rules))
}

function runTest(
  test: RuleTest,
  start: number,
  common: Readonly<Record<string, unknown>>,
  rules: readonly Rule[],
): TestOutcome {
  for (const { rule } of test.expect) checkRuleName(rule, rules, test.name)
  const arrivals = arrivalsOf(test, start, common)
  const run = dryRun(rules)
  const firings: DryFiring[] = []
  let offset = 0
  for (const { at, feedback } of arrivals) firings.push(...run.observe([{ offset: ++offset, at, feedback }]))
  const end = (arrivals.at(-1)?.at ?? start) + test.wait
  firings.push(...run.advance(end))
  return { name: test.name, start, firings, ...judge(test.expect, firings, start) }
}

/** In the order of time; feedback of one instant stays in the order of the file. */
function arrivalsOf(
  test: RuleTest,
  start: number,
  common: Readonly<Record<string, unknown>>,
): readonly Arrival[] {
  const arrivals: Arrival[] = []
  let now = start
  for (const [step, { at, times, every, feedback }] of test.given.entries()) {
    if (at !== undefined) now = instantOf(at, start)
    for (let n = 1; n <= times; n++) {
      if (n > 1) now += every
      const fields = withNumber({ ...common, ...feedback }, n) as Readonly<Record<string, unknown>>
      const where = `${test.name}, given[${step}]`
      arrivals.push({ at: now, feedback: givenFeedback(fields, now, arrivals.length + 1, where) })
    }
  }
  return arrivals.sort((a, b) => a.at - b.at)
}

const instantOf = (moment: Moment, start: number): number =>
  'instant' in moment ? moment.instant : start + moment.offset

/** Puts the number of the repetition where a text says `{n}`. */
function withNumber(value: unknown, n: number): unknown {
  if (typeof value === 'string') return value.replaceAll('{n}', String(n))
  if (Array.isArray(value)) return value.map((item: unknown) => withNumber(item, n))
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withNumber(member, n)]))
}

/** The most particular expectations choose first; each firing meets one at the most. */
function judge(
  expected: readonly ExpectedFiring[],
  firings: readonly DryFiring[],
  start: number,
): Pick<TestOutcome, 'passed' | 'unmet' | 'surplus'> {
  const free = new Set(firings)
  const unmet: Unmet[] = []
  for (const wanted of expected.toSorted((a, b) => particularity(b) - particularity(a))) {
    let missing = wanted.times
    for (const firing of [...free]) {
      if (missing === 0) break
      if (differencesOf(wanted, firing, start).length > 0) continue
      free.delete(firing)
      missing--
    }
    if (missing > 0) unmet.push({ expected: wanted, missing, ...nearestOf(wanted, [...free], start) })
  }
  return { passed: unmet.length === 0 && free.size === 0, unmet, surplus: [...free] }
}

const particularity = ({ at, facts, actions, tenant }: ExpectedFiring): number =>
  [at, facts, actions, tenant].filter((part) => part !== undefined).length

function differencesOf(wanted: ExpectedFiring, firing: DryFiring, start: number): readonly string[] {
  if (wanted.rule !== firing.rule) return ['rule']
  const found: string[] = []
  if (wanted.tenant !== undefined) found.push(...differences(wanted.tenant, firing.tenant, 'tenant'))
  if (wanted.at !== undefined) {
    const at = new Date(instantOf(wanted.at, start)).toISOString()
    found.push(...differences(at, new Date(firing.at).toISOString(), 'at'))
  }
  if (wanted.facts !== undefined) found.push(...differences(wanted.facts, firing.facts, 'facts'))
  if (wanted.actions !== undefined) {
    found.push(...differences(wanted.actions, firing.actions, 'actions'))
    if (wanted.actions.length !== firing.actions.length)
      found.push(...differences(wanted.actions.length, firing.actions.length, 'actions.length'))
  }
  return found
}

function nearestOf(
  wanted: ExpectedFiring,
  firings: readonly DryFiring[],
  start: number,
): Pick<Unmet, 'nearest'> {
  const near = firings
    .filter(({ rule }) => rule === wanted.rule)
    .map((firing) => ({ firing, differences: differencesOf(wanted, firing, start) }))
    .sort((a, b) => a.differences.length - b.differences.length)[0]
  return near === undefined ? {} : { nearest: near }
}

function checkRuleName(name: string, rules: readonly Rule[], test: string): void {
  const names = rules.map((rule) => rule.name)
  if (names.includes(name)) return
  const meant = nearest(name, names)
  throw new CliError(
    {
      en: `${test}: there is no rule ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      zh: `${test}：没有规则 ${name}${meant === undefined ? '' : `，是否指 ${meant}？`}`,
    },
    exitCodes.invalid,
  )
}
