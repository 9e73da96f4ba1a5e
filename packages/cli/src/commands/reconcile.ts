import { createAndon } from '@andon/core'
import { loadConfig } from '../config.js'
import type { CommandContext } from '../context.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { reconcileJson, reconcileReport } from '../reconcile/report.js'

export interface ReconcileCommand {
  /** Names of targets; default: all. */
  readonly target?: readonly string[]
  readonly propose?: boolean
}

/** `andon reconcile`: how far the plant stands as Andon believes it to stand. */
export async function reconcileCommand(
  file: string,
  { target, propose = false }: ReconcileCommand,
  context: CommandContext,
): Promise<ExitCode> {
  // Nothing new is to come in while it compares.
  const andon = createAndon({ ...(await loadConfig(file)), sources: {} })
  const { io, locale, json, paint, print } = context
  const stop = Promise.withResolvers<'stopped'>()
  const silence = io.onSignal(() => stop.resolve('stopped'))
  const line = countLine(context)
  try {
    await andon.start()
    const reconciled = andon.reconcile({
      ...(target === undefined ? {} : { targets: target }),
      propose,
      onProgress: ({ compared }) => line.show(compared),
    })
    const result = await Promise.race([reconciled, stop.promise])
    line.clear()
    if (result === 'stopped') {
      // close() ends it.
      reconciled.catch(() => undefined)
      return exitCodes.interrupted
    }
    print(json ? JSON.stringify(reconcileJson(result)) : reconcileReport(result, propose, locale, paint))
    return result.matching === result.compared ? exitCodes.ok : exitCodes.invalid
  } finally {
    line.clear()
    silence()
    await andon.close()
  }
}

/** How much has been compared, on one line of a terminal; nothing elsewhere. */
function countLine({ io, locale }: CommandContext): { show(compared: number): void; clear(): void } {
  let isDrawn = false
  return {
    show(compared) {
      if (!io.err.isTerminal) return
      isDrawn = true
      const number = compared.toLocaleString('en-US')
      io.err.write(`\r\u001b[2K${locale === 'zh' ? `已核对 ${number} 项` : `${number} compared`}`)
    },
    clear() {
      if (isDrawn) io.err.write('\r\u001b[2K')
      isDrawn = false
    },
  }
}
