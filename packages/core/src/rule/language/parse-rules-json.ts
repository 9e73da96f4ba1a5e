import * as z from 'zod'
import type { Rule } from '../ast.js'
import type { CheckOptions } from './action-checker.js'
import { checkParsedRules } from './checker.js'
import { DiagnosticList } from './diagnostics.js'
import type { CheckedRules } from './parse-rules.js'
import { buildRule } from './rule-builder.js'
import { RuleError } from './rule-error.js'
import { type RulesDocument, rulesDocumentSchema } from './rules-document.js'
import { sourceText } from './source-text.js'

/**
 * Reads rules from their JSON form, a `RulesDocument` already parsed from its text.
 * @throws RuleError (`RULE_INVALID`); its diagnostics name the place in the document in `origin`, e.g.
 *   `rules[2].window.sliding`, and point into the string that stands there
 * @example
 * parseRulesJson({
 *   version: 1,
 *   rules: [{ name: 'hot', where: 'safety_flags.fire', actions: [{ kind: 'escalate', params: { to: "'team'" } }] }],
 * })
 */
export function parseRulesJson(value: unknown, options: CheckOptions = {}): readonly Rule[] {
  const { rules, diagnostics } = checkRulesJson(value, options)
  if (diagnostics.some(({ severity }) => severity === 'error')) throw new RuleError(diagnostics)
  return rules
}

/** Reads and checks the JSON form of rules; never throws, whatever the value is. */
export function checkRulesJson(value: unknown, options: CheckOptions = {}): CheckedRules {
  const diagnostics = new DiagnosticList()
  const document = readDocument(value, diagnostics)
  const parsed = (document?.rules ?? []).map((definition, index) =>
    buildRule(definition, diagnostics, `rules[${index}].`),
  )
  checkParsedRules(parsed, diagnostics, { ...options, rules: options.rules ?? [] })
  return {
    rules: diagnostics.hasErrors ? [] : parsed.map(({ rule }) => rule),
    diagnostics: diagnostics.items,
  }
}

function readDocument(value: unknown, diagnostics: DiagnosticList): RulesDocument | undefined {
  const version = z.looseObject({ version: z.unknown() }).safeParse(value).data?.version
  if (version !== undefined && version !== 1) {
    report(diagnostics, value, ['version'], {
      en: `this rules document is of version ${shown(version)}; this version of Andon reads version 1`,
      zh: `此规则文档的版本是 ${shown(version)}；当前 Andon 只能读取版本 1`,
    })
    return undefined
  }
  const checked = rulesDocumentSchema.safeParse(value, { error: z.locales.en().localeError })
  if (checked.success) return checked.data
  const chinese = rulesDocumentSchema.safeParse(value, { error: z.locales.zhCN().localeError })
  const english = checked.error.issues.map(nearest)
  const translated = chinese.error?.issues.map(nearest) ?? english
  english.forEach((issue, index) => {
    const en = issue.message
    report(diagnostics, value, issue.path, { en, zh: translated[index]?.message ?? en })
  })
  return undefined
}

interface Problem {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** For a value that fits none of its forms, what keeps it from the form it is nearest to. */
function nearest(issue: z.core.$ZodIssue): Problem {
  if (issue.code !== 'invalid_union') return issue
  const [closest] = issue.errors.toSorted((a, b) => a.length - b.length || depth(b) - depth(a))
  const [first] = closest ?? []
  return first === undefined ? issue : nearest({ ...first, path: [...issue.path, ...first.path] })
}

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map(({ path }) => path.length))

function report(
  diagnostics: DiagnosticList,
  value: unknown,
  path: readonly PropertyKey[],
  message: { readonly en: string; readonly zh: string },
): void {
  const text = shown(valueAt(value, path))
  diagnostics.add(
    sourceText(text, originOf(path)),
    { start: 0, end: text.length },
    { code: 'wrong-value', message },
  )
}

function valueAt(value: unknown, [key, ...rest]: readonly PropertyKey[]): unknown {
  if (key === undefined) return value
  const inner = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).safeParse(value).data
  if (inner === undefined) return undefined
  return valueAt(Object.entries(inner).find(([name]) => name === String(key))?.[1], rest)
}

/** `rules[2].window.sliding`, or `document` for the whole. */
function originOf(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
  return parts.length === 0 ? 'document' : parts.join('').replace(/^\./, '')
}

const longestShown = 200

/** A value as JSON writes it, on one line; what JSON cannot write is shown as nothing. */
function shown(value: unknown): string {
  const text = written(value)
  return text.length > longestShown ? `${[...text.slice(0, longestShown)].slice(0, -1).join('')}…` : text
}

function written(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}
