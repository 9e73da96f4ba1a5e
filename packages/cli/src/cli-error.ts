import type { Localized } from '@andon/core'
import { type ExitCode, exitCodes } from './exit-codes.js'

/** Ends a command with a message for the person and an exit code for the script. */
export class CliError extends Error {
  override readonly name = 'CliError'

  constructor(
    readonly text: Localized,
    readonly exitCode: ExitCode,
    options: { readonly cause?: unknown } = {},
  ) {
    super(text.en, options)
  }
}

/** A file that the command was given and cannot read: exit code 2. */
export function unreadableFile(file: string, cause: unknown): CliError {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
  const why = cause instanceof Error ? cause.message : String(cause)
  return new CliError(
    missing
      ? { en: `There is no file ${file}.`, zh: `找不到文件 ${file}。` }
      : { en: `${file} cannot be read: ${why}.`, zh: `无法读取 ${file}：${why}。` },
    exitCodes.usage,
    { cause },
  )
}
