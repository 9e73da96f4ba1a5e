import { readFile } from 'node:fs/promises'
import {
  type CheckedRules,
  type CheckOptions,
  checkRules,
  checkRulesJson,
  formatDiagnostics,
  type Rule,
} from '@andon/core/rule'
import { CliError, unreadableFile } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'

/**
 * Checks a rule file: JSON when its name ends in `.json`, else a rule text.
 *
 * @throws CliError exit code 2 when the file cannot be read, 1 when a `.json` file is no JSON
 */
export async function checkRulesFile(file: string, options: CheckOptions = {}): Promise<CheckedRules> {
  const bytes = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadableFile(file, cause)
  })
  const text = bytes.replace(/^\ufeff/, '')
  return file.toLowerCase().endsWith('.json')
    ? checkRulesJson(jsonOf(text, file), options)
    : checkRules(text, options)
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new CliError(
      { en: `${file} is not valid JSON: ${problem}`, zh: `${file} 不是有效的 JSON：${problem}` },
      exitCodes.invalid,
      { cause },
    )
  }
}

/** @throws CliError exit code 2 when the file cannot be read, 1 with every error when its rules are not valid */
export async function readRules(file: string): Promise<readonly Rule[]> {
  const { rules, diagnostics } = await checkRulesFile(file)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return rules
  throw new CliError(
    {
      en: formatDiagnostics(errors, 'en', { file }),
      zh: formatDiagnostics(errors, 'zh', { file }),
    },
    exitCodes.invalid,
  )
}
