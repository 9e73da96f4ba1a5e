import type { CommandContext } from '../context.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { readMapping } from '../mapping/read-mapping.js'
import { jsonReport } from '../replay/json-report.js'
import { progressBar } from '../replay/progress-bar.js'
import { replay } from '../replay/replay.js'
import { textReport } from '../replay/text-report.js'
import { readRules } from './read-rules.js'

export interface ReplayCommand {
  readonly file: string
  readonly map: string
  readonly rules: string
  readonly data?: string
  readonly limit?: number
}

/** `andon replay`: what the rules would have found in past reports, and when. */
export async function replayCommand(command: ReplayCommand, context: CommandContext): Promise<ExitCode> {
  const { io, locale, json, paint, print } = context
  const mapping = await readMapping(command.map, locale)
  const rules = await readRules(command.rules)
  const bar = progressBar(io.err, locale)
  const stop = new AbortController()
  const silence = io.onSignal(() => stop.abort())
  try {
    const result = await replay({
      file: command.file,
      mapping,
      rules,
      ...(command.data === undefined ? {} : { data: command.data }),
      ...(command.limit === undefined ? {} : { limit: command.limit }),
      progress: (progress) => bar.show(progress),
      signal: stop.signal,
    })
    bar.clear()
    print(json ? JSON.stringify(jsonReport(result, locale)) : textReport(result, locale, paint))
    return result.interrupted ? exitCodes.interrupted : exitCodes.ok
  } finally {
    bar.clear()
    silence()
  }
}
