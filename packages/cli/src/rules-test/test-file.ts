import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Locale } from '@andon/core'
import { readInstant } from '@andon/core/feedback'
import { LineCounter, parseDocument } from 'yaml'
import * as z from 'zod'
import { CliError, unreadableFile } from '../cli-error.js'
import { durationMs } from '../duration.js'
import { exitCodes } from '../exit-codes.js'

const duration = z.string().transform((text, context) => {
  const ms = durationMs(text)
  if (ms !== undefined) return ms
  context.addIssue({
    code: 'custom',
    message: `"${text}" is not a duration such as 90s, 10 minutes or 1h 30m`,
  })
  return z.NEVER
})
/** An offset from the test's start (`10m`, `+2 hours`) or an instant (RFC 3339). */
const moment = z.union([z.string(), z.date()]).transform((value, context): Moment => {
  const text = value instanceof Date ? value.toISOString() : value
  const offset = durationMs(text.replace(/^\+/, ''))
  if (offset !== undefined) return { offset }
  const reading = readInstant(text)
  if (reading.ok) return { instant: reading.ms }
  context.addIssue({
    code: 'custom',
    message: `"${text}" is neither an offset such as 10m nor an instant such as 2026-03-01T08:00:00Z`,
  })
  return z.NEVER
})
const fields = z.record(z.string().min(1), z.unknown())

const given = z.strictObject({
  /** When it arrives; the instant of the step before when absent. */
  at: moment.optional(),
  feedback: fields.default({}),
  /** So many of them; `{n}` in a text becomes 1, 2, 3 … */
  times: z.int().min(1).max(100_000).default(1),
  /** Time between two of them. */
  every: duration.default(0),
})
const expectedAction = z.strictObject({
  kind: z.string().min(1),
  target: z.string().optional(),
  priority: z.int().optional(),
  params: fields.optional(),
})
const expected = z.strictObject({
  rule: z.string().min(1),
  at: moment.optional(),
  times: z.int().min(1).default(1),
  tenant: z.string().optional(),
  facts: fields.optional(),
  actions: z.array(expectedAction).optional(),
})
const testSchema = z.strictObject({
  name: z.string().min(1),
  given: z.array(given).min(1),
  /** How long to go on after the last feedback. */
  wait: duration.default(0),
  /** Exactly these firings, in any order; an empty list means that nothing fires. */
  expect: z.array(expected),
})
const schema = z.strictObject({
  rules: z.string().min(1),
  start: moment.default({ instant: Date.UTC(2026, 0, 1) }),
  /** What every feedback says unless it says otherwise. */
  feedback: fields.default({}),
  tests: z.array(testSchema).min(1),
})

export type Moment = { readonly offset: number } | { readonly instant: number }
export type RuleTest = z.output<typeof testSchema>
export type ExpectedFiring = z.output<typeof expected>
export interface TestFile {
  /** Path of the rule file. */
  readonly rules: string
  /** Epoch ms. */
  readonly start: number
  readonly feedback: Readonly<Record<string, unknown>>
  readonly tests: readonly RuleTest[]
}

/**
 * Reads a file of rule tests, strictly: YAML, or JSON, which is YAML, too.
 *
 * @throws CliError exit code 2 when the file cannot be read, 1 with every problem when it is no test file
 */
export async function readTestFile(file: string, locale: Locale): Promise<TestFile> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadableFile(file, cause)
  })
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true })
  if (document.errors.length > 0) {
    throw invalid(
      file,
      document.errors.map(({ message }) => message.split('\n')[0] ?? message),
    )
  }
  const checked = schema.safeParse(document.toJS(), {
    error: (locale === 'zh' ? z.locales.zhCN() : z.locales.en()).localeError,
  })
  if (!checked.success) {
    const problems = checked.error.issues.map(({ path, message }) => {
      const node: unknown = document.getIn(path, true)
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
      const at = Array.isArray(range) && typeof range[0] === 'number' ? lines.linePos(range[0]) : undefined
      return `${at === undefined ? '' : `${at.line}:${at.col} `}${path.join('.') || '.'}: ${message}`
    })
    throw invalid(file, problems)
  }
  const { start, rules, ...rest } = checked.data
  return {
    ...rest,
    rules: resolve(dirname(file), rules),
    start: 'instant' in start ? start.instant : Date.UTC(2026, 0, 1) + start.offset,
  }
}

function invalid(file: string, problems: readonly string[]): CliError {
  const list = problems.map((problem) => `\n  - ${problem}`).join('')
  return new CliError(
    { en: `${file} is not a valid test file:${list}`, zh: `${file} 不是有效的测试文件：${list}` },
    exitCodes.invalid,
  )
}
