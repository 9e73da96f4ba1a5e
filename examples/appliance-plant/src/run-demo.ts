import type { CliOptions } from './cli-options.js'
import { jsonReport } from './report/json-report.js'
import { textReport } from './report/text-report.js'
import { shortcomings } from './report/verdict.js'
import { openChronicle } from './story/chronicle.js'
import { type Outcome, simulate } from './story/simulate.js'
import { simulateWithout } from './story/without.js'
import { eventLines } from './view/events.js'
import { type LiveView, liveView, smallest } from './view/live.js'
import { paintFor } from './view/paint.js'
import { say, words } from './view/words.js'

/** With the pauses for reading this makes about 25 seconds. */
const paceMs = 14_000

/** Runs the simulation, shows it as asked, and returns the exit code. */
export async function runDemo({ seed, locale, fast, headless, json }: CliOptions): Promise<0 | 1 | 130> {
  const { stdout, stderr } = process
  const isTerminal = stdout.isTTY === true
  const paint = paintFor(isTerminal, process.env)
  const width = Math.max(60, Math.min(140, stdout.columns ?? 100))
  const chronicle = openChronicle()
  const hasRoom = (stdout.columns ?? 0) >= smallest.columns && (stdout.rows ?? 0) >= smallest.rows
  const isLive = isTerminal && hasRoom && !headless
  // A pipe gets the story line by line as it happens.
  const isTold = !isLive && !headless
  const live = isLive
    ? liveView({ out: stdout, locale, paint, chronicle, paceMs: fast ? 0 : paceMs })
    : undefined
  const tell = (event: ReturnType<typeof chronicle.action>): void => {
    if (isTold && event !== undefined) stdout.write(`${eventLines(event, locale, width, paint).join('\n')}\n`)
  }

  const outcome = await watched(live, (stop) =>
    simulate(
      seed,
      {
        signal: (signal, scene) => tell(chronicle.signal(signal, scene)),
        action: (action, scene) => tell(chronicle.action(action, scene)),
        step: (scene) => live?.step(scene),
      },
      stop,
    ),
  )
  if (outcome === undefined) return 130
  if (!json && isTerminal) stderr.write(`${say(words.comparing, locale)}\r`)
  const without = await simulateWithout(seed)
  if (!json && isTerminal) stderr.write('\u001b[K')

  const reasons = shortcomings(outcome)
  if (json) stdout.write(`${JSON.stringify(jsonReport(outcome, without), null, 2)}\n`)
  else
    stdout.write(`${textReport(outcome, without, chronicle, { locale, paint, width, withEvents: !isTold })}`)
  if (json) for (const reason of reasons) stderr.write(`${reason[locale]}\n`)
  return reasons.length === 0 ? 0 : 1
}

/** Gives the terminal back however it ends; undefined when it was interrupted. */
async function watched(
  live: LiveView | undefined,
  run: (stop: AbortSignal) => Promise<Outcome>,
): Promise<Outcome | undefined> {
  const stop = new AbortController()
  // Once: who asks a second time need not wait for the tidying up.
  const interrupted = (): void => stop.abort()
  process.once('SIGINT', interrupted)
  process.once('SIGTERM', interrupted)
  try {
    return await run(stop.signal)
  } catch (error) {
    if (stop.signal.aborted) return undefined
    throw error
  } finally {
    process.off('SIGINT', interrupted)
    process.off('SIGTERM', interrupted)
    live?.close()
  }
}
