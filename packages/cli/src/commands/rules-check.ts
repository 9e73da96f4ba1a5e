import { type Diagnostic, formatDiagnostics, type Rule } from '@andon/core/rule'
import type { CommandContext } from '../context.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Style } from '../paint.js'
import { checkRulesFile } from './read-rules.js'

const styles = {
  error: ['bold', 'red'],
  warning: ['bold', 'yellow'],
  caret: ['red'],
  place: ['dim'],
} as const satisfies Record<string, readonly Style[]>

/** `andon rules check`: valid or not, where not, and what was probably meant. */
export async function rulesCheck(file: string, context: CommandContext): Promise<ExitCode> {
  const { rules, diagnostics } = await checkRulesFile(file)
  const valid = !diagnostics.some(({ severity }) => severity === 'error')
  context.print(
    context.json ? jsonReport(file, valid, rules, diagnostics) : report(file, rules, diagnostics, context),
  )
  return valid ? exitCodes.ok : exitCodes.invalid
}

function report(
  file: string,
  rules: readonly Rule[],
  diagnostics: readonly Diagnostic[],
  { locale, paint }: CommandContext,
): string {
  const zh = locale === 'zh'
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const warnings = diagnostics.length - errors
  const blocks: string[] = []
  if (diagnostics.length > 0) {
    blocks.push(
      formatDiagnostics(diagnostics, locale, {
        file,
        paint: (text, role) => paint(text, ...styles[role]),
      }),
    )
  }
  const noted =
    warnings === 0 ? '' : zh ? `，${warnings} 条警告` : `, ${warnings} warning${warnings === 1 ? '' : 's'}`
  if (errors > 0) {
    const count = zh ? `${errors} 处错误` : `${errors} error${errors === 1 ? '' : 's'}`
    blocks.push(
      paint(zh ? `${file} 无效：${count}${noted}` : `${file} is not valid: ${count}${noted}`, 'red'),
    )
  } else {
    const count = zh ? `${rules.length} 条规则` : `${rules.length} rule${rules.length === 1 ? '' : 's'}`
    const head = paint(zh ? `${file} 有效：${count}${noted}` : `${file} is valid: ${count}${noted}`, 'green')
    blocks.push([head, ...rules.map(({ name }) => `  ${name}`)].join('\n'))
  }
  return blocks.join('\n\n')
}

function jsonReport(
  file: string,
  valid: boolean,
  rules: readonly Rule[],
  diagnostics: readonly Diagnostic[],
): string {
  return JSON.stringify({
    file,
    valid,
    rules: rules.map(({ name, stage, actions }) => ({
      name,
      ...(stage === undefined ? {} : { stage }),
      actions: actions.map(({ kind, target }) => ({ kind, ...(target === undefined ? {} : { target }) })),
    })),
    diagnostics,
  })
}
