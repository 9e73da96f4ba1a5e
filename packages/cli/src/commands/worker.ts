import type { StageName } from '@andon/core/rule'
import { CliError } from '../cli-error.js'
import { findConfig, loadConfig } from '../config.js'
import type { CommandContext } from '../context.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { runAndon } from './run.js'
import { settleWorkerHeap } from './worker-heap.js'

export interface WorkerCommand {
  /** Whose rules it runs; default: what the config says. */
  readonly stage?: StageName
}

/** `andon worker`: one of any number of processes that share a bus and a store, for the rules of one stage. */
export async function workerCommand(
  file: string | undefined,
  { stage }: WorkerCommand,
  context: CommandContext,
): Promise<ExitCode> {
  const config = file ?? (await findConfig())
  const options = await loadConfig(config)
  if (options.bus === undefined) {
    throw new CliError(
      {
        en: `${config} gives no bus, and workers share nothing without one: add bus and store, or use "andon run ${config}" for a single process.`,
        zh: `${config} 未提供 bus，没有它工作进程之间无法共享：请添加 bus 和 store；单进程请用 “andon run ${config}”。`,
      },
      exitCodes.invalid,
    )
  }
  settleWorkerHeap()
  return runAndon(stage === undefined ? options : { ...options, stage }, context)
}
