import type { Locale, Localized } from '@andon/core'
import { isAndonError, problemOf } from '@andon/core/errors'
import { CommanderError } from 'commander'
import { CliError } from './cli-error.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { type Io, processIo } from './io.js'
import { localeFor } from './locale.js'
import { paintFor } from './paint.js'
import { buildProgram } from './program.js'

/**
 * Runs the `andon` command: never throws, never ends the process.
 *
 * @param argv what stands behind `andon`, e.g. `['rules', 'check', 'rules.sql']`
 * @returns the exit code, one of `exitCodes`
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  const locale = localeFor(languageIn(argv), io.env)
  let code: ExitCode = exitCodes.ok
  const program = buildProgram(io, locale, (ended) => {
    code = ended
  })
  if (argv.length === 0) {
    program.outputHelp({ error: true })
    return exitCodes.usage
  }
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    // Commander has told already what was wrong, or has printed help or version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    return told(error, locale, io)
  }
}

/** The language is needed before the arguments can be parsed: the parser's own texts are in it. */
function languageIn(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const word = argv[at]
  return word === '--lang' ? argv[at + 1] : word?.slice('--lang='.length)
}

const notValid: readonly string[] = ['OPTIONS_INVALID', 'PLUGIN_INVALID', 'RULE_INVALID']

function told(error: unknown, locale: Locale, io: Io): ExitCode {
  const { text, exitCode } = accountOf(error)
  const paint = paintFor(io.err, io.env)
  io.err.write(`${paint(locale === 'zh' ? 'andon：' : 'andon: ', 'red')}${text[locale]}\n`)
  return exitCode
}

function accountOf(error: unknown): { readonly text: Localized; readonly exitCode: ExitCode } {
  if (error instanceof CliError) return error
  if (isAndonError(error)) {
    return {
      text: error.text,
      exitCode: notValid.includes(error.code) ? exitCodes.invalid : exitCodes.failed,
    }
  }
  const problem = problemOf(error)
  return { text: { en: problem, zh: problem }, exitCode: exitCodes.failed }
}
