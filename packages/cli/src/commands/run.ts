import { type Andon, type AndonOptions, createAndon } from '@andon/core'
import { loadConfig } from '../config.js'
import type { CommandContext } from '../context.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { eventPrinter } from './run-events.js'

/** Andon's own timers let a process end; this one keeps it until a signal comes. */
const keepAliveMs = 1 << 30

/** `andon run`: starts Andon from a config, prints what happens, drains and closes at the first signal. */
export async function runCommand(file: string, context: CommandContext): Promise<ExitCode> {
  return runAndon(await loadConfig(file), context)
}

/** Runs until the first signal, then drains and closes; a second one ends it at once. */
export async function runAndon(options: AndonOptions, context: CommandContext): Promise<ExitCode> {
  const andon = createAndon(options)
  const printer = eventPrinter(context)
  listen(andon, printer)
  const alive = setInterval(() => undefined, keepAliveMs)
  const first = Promise.withResolvers<void>()
  const second = Promise.withResolvers<'at once'>()
  let presses = 0
  const silence = context.io.onSignal(() => {
    presses += 1
    if (presses === 1) first.resolve()
    else second.resolve('at once')
  })
  try {
    await andon.start()
    printer.started()
    await first.promise
    printer.draining()
    const how = await Promise.race([andon.close(), second.promise])
    if (how === 'at once') return exitCodes.interrupted
    printer.closed()
    return exitCodes.ok
  } catch (error) {
    await andon.close()
    throw error
  } finally {
    clearInterval(alive)
    silence()
  }
}

function listen(andon: Andon, printer: ReturnType<typeof eventPrinter>): void {
  andon.on('signal', printer.signal)
  andon.on('action', printer.action)
  andon.on('quarantined', printer.quarantined)
  andon.on('warning', printer.warning)
  andon.on('error', printer.error)
}
