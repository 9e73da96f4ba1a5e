import { backtest } from '../backtest/backtest.js'
import { backtestJson, backtestReport } from '../backtest/report.js'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../context.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { readMapping } from '../mapping/read-mapping.js'
import { progressBar } from '../replay/progress-bar.js'
import { readRules } from './read-rules.js'

export interface BacktestCommand {
  readonly rules: string
  /** `journal`, or a file of past reports. */
  readonly from: string
  /** Folder of the embedded store. */
  readonly data: string
  readonly map?: string
}

/** `andon backtest`: when, how often and on what rules would have fired. */
export async function backtestCommand(command: BacktestCommand, context: CommandContext): Promise<ExitCode> {
  const { io, locale, json, paint, print } = context
  const rules = await readRules(command.rules)
  const from =
    command.from === 'journal'
      ? ({ kind: 'journal', folder: command.data } as const)
      : ({ kind: 'file', file: command.from, mapping: await readMapping(mapOf(command), locale) } as const)
  const bar = progressBar(io.err, locale)
  const stop = new AbortController()
  const silence = io.onSignal(() => stop.abort())
  try {
    const result = await backtest({
      from,
      rules,
      progress: (progress) => bar.show(progress),
      signal: stop.signal,
    })
    bar.clear()
    print(json ? JSON.stringify(backtestJson(result)) : backtestReport(result, locale, paint))
    return result.interrupted ? exitCodes.interrupted : exitCodes.ok
  } finally {
    bar.clear()
    silence()
  }
}

function mapOf({ from, map }: BacktestCommand): string {
  if (map !== undefined) return map
  throw new CliError(
    {
      en: `${from} is a file of reports: say with --map <file> how its rows become feedback.`,
      zh: `${from} 是反馈文件：请用 --map <file> 说明各行如何成为反馈。`,
    },
    exitCodes.usage,
  )
}
