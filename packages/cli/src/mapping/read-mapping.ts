import { readFile } from 'node:fs/promises'
import type { Locale } from '@andon/core'
import * as z from 'zod'
import { CliError, unreadableFile } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import { type Mapping, mappingSchema } from './mapping-schema.js'
import { lookupsIn } from './references.js'

/**
 * Reads and checks a mapping file, strictly.
 *
 * @throws CliError exit code 2 when the file cannot be read, 1 when it is no mapping; all problems at once
 */
export async function readMapping(file: string, locale: Locale = 'en'): Promise<Mapping> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadableFile(file, cause)
  })
  return parseMapping(text, file, locale)
}

/** @throws CliError exit code 1 */
export function parseMapping(text: string, file: string, locale: Locale = 'en'): Mapping {
  const checked = mappingSchema.safeParse(jsonOf(text, file), {
    error: (locale === 'zh' ? z.locales.zhCN() : z.locales.en()).localeError,
  })
  if (!checked.success) {
    throw invalid(
      file,
      checked.error.issues.map((issue) => `${issue.path.join('.') || '.'}: ${deepest(issue)}`),
    )
  }
  const unknown = lookupsIn(checked.data).filter((name) => !Object.hasOwn(checked.data.lookups, name))
  if (unknown.length > 0) {
    throw invalid(file, [
      `lookups: ${[...new Set(unknown)].join(', ')} ${locale === 'zh' ? '未定义' : 'not defined'}`,
    ])
  }
  return checked.data
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw invalid(file, [cause instanceof Error ? cause.message : String(cause)], cause)
  }
}

/** For a value that fits none of its forms, what keeps it from the form it is nearest to. */
function deepest(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message
  const [nearest] = issue.errors
    .filter((issues) => issues.every(({ code, path }) => code !== 'invalid_type' || path.length > 0))
    .sort((a, b) => a.length - b.length)
  if (nearest === undefined) return issue.message
  return nearest.map(({ path, message }) => [...path, message].join(': ')).join('; ')
}

function invalid(file: string, problems: readonly string[], cause?: unknown): CliError {
  const list = problems.map((problem) => `\n  - ${problem}`).join('')
  return new CliError(
    { en: `${file} is not a valid mapping:${list}`, zh: `${file} 不是有效的映射：${list}` },
    exitCodes.invalid,
    { cause },
  )
}
