import { type Diagnostic, formatDiagnostics, parsePredicate, type Rule, RuleError } from '@andon/core/rule'
import { CliError } from '../cli-error.js'
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

export interface CheckCommand {
  readonly file: string
  /** Columns by which feedback is partitioned: rules that cross partitions are warned of. */
  readonly partitionedBy?: readonly string[]
}

/** `andon rules check`: valid or not, where not, and what was probably meant. */
export async function rulesCheck(
  { file, partitionedBy = [] }: CheckCommand,
  context: CommandContext,
): Promise<ExitCode> {
  for (const column of partitionedBy) checkColumn(column)
  const { rules, diagnostics } = await checkRulesFile(file, { partitionedBy })
  const valid = !diagnostics.some(({ severity }) => severity === 'error')
  context.print(
    context.json ? jsonReport(file, valid, rules, diagnostics) : report(file, rules, diagnostics, context),
  )
  return valid ? exitCodes.ok : exitCodes.invalid
}

/** @throws CliError exit code 2 for what is no column */
function checkColumn(name: string): void {
  try {
    parsePredicate(`${name} IS NULL`)
  } catch (cause) {
    if (!(cause instanceof RuleError)) throw cause
    const [problem] = cause.diagnostics
    const [message, meant] = [problem?.message, problem?.suggestion]
    throw new CliError(
      {
        en: `--partitioned-by ${name}: ${message?.en ?? ''}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
        zh: `--partitioned-by ${name}：${message?.zh ?? ''}${meant === undefined ? '' : `；是否指 ${meant}？`}`,
      },
      exitCodes.usage,
      { cause },
    )
  }
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
