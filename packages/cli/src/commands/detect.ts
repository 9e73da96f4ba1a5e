import { CliError } from '../cli-error.js'
import type { CommandContext } from '../context.js'
import { detect } from '../detect/detect.js'
import { detectorsNamed } from '../detect/detectors.js'
import { type KnownEvents, readKnownEvents } from '../detect/known-events.js'
import { detectJson, detectReport } from '../detect/report.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { readMapping } from '../mapping/read-mapping.js'
import { progressBar } from '../replay/progress-bar.js'

export interface DetectCommand {
  readonly file: string
  readonly map: string
  readonly known?: string
  readonly knownMap?: string
  readonly detectors?: readonly string[]
  readonly limit?: number
}

/** `andon detect`: what the detectors would have found in past reports, and how long before it became known. */
export async function detectCommand(command: DetectCommand, context: CommandContext): Promise<ExitCode> {
  const { io, locale, json, paint, print, tell } = context
  const detectors = detectorsNamed(command.detectors ?? [])
  const mapping = await readMapping(command.map, locale)
  const bar = progressBar(io.err, locale)
  const stop = new AbortController()
  const silence = io.onSignal(() => stop.abort())
  try {
    const known = await knownEvents(command, context, stop.signal)
    if (known !== undefined && known.quarantined > 0) {
      tell({
        en: `${command.known}: rows that are no known events were left out, ${known.quarantined} of them.`,
        zh: `${command.known}：有 ${known.quarantined} 行无法作为已知事件读取。`,
      })
    }
    const result = await detect({
      file: command.file,
      mapping,
      detectors,
      ...(known === undefined ? {} : { known: known.events }),
      ...(command.limit === undefined ? {} : { limit: command.limit }),
      progress: (progress) => bar.show(progress),
      signal: stop.signal,
    })
    bar.clear()
    print(json ? JSON.stringify(detectJson(result)) : detectReport(result, locale, paint))
    return result.interrupted ? exitCodes.interrupted : exitCodes.ok
  } finally {
    bar.clear()
    silence()
  }
}

async function knownEvents(
  { known, knownMap }: DetectCommand,
  { locale }: CommandContext,
  signal: AbortSignal,
): Promise<KnownEvents | undefined> {
  if (known === undefined && knownMap === undefined) return undefined
  if (known !== undefined && knownMap !== undefined)
    return readKnownEvents(known, await readMapping(knownMap, locale), signal)
  throw new CliError(
    {
      en: 'Known events need both: --known <file> with the events, and --known-map <file> that says how its rows are read.',
      zh: '已知事件需要同时给出：--known <file> 为事件文件，--known-map <file> 说明如何读取各行。',
    },
    exitCodes.usage,
  )
}
