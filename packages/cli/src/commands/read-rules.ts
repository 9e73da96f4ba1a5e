import { readFile } from 'node:fs/promises'
import { type CheckedRules, checkRules, formatDiagnostics, type Rule } from '@andon/core/rule'
import { CliError, unreadableFile } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'

/** @throws CliError exit code 2 when the file cannot be read */
export async function checkRulesFile(file: string): Promise<CheckedRules> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadableFile(file, cause)
  })
  return checkRules(text.replace(/^\ufeff/, ''))
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
