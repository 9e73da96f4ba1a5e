import { readFile } from 'node:fs/promises'
import { explain, printExplanation } from '@andon/core/rule'
import { parseDocument } from 'yaml'
import * as z from 'zod'
import { CliError, unreadableFile } from '../cli-error.js'
import type { CommandContext } from '../context.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { givenFeedback } from '../rules-test/given-feedback.js'
import { nearest } from '../suggest.js'
import { readRules } from './read-rules.js'

export interface ExplainCommand {
  readonly file: string
  readonly feedback: string
  readonly rule?: string
}

const fieldsSchema = z.record(z.string(), z.unknown())

/** `andon rules explain`: each condition of each rule, with its values and its truth, over one feedback. */
export async function rulesExplain(command: ExplainCommand, context: CommandContext): Promise<ExitCode> {
  const { locale, json, paint, print } = context
  const all = await readRules(command.file)
  const rules = command.rule === undefined ? all : all.filter(({ name }) => name === command.rule)
  if (command.rule !== undefined && rules.length === 0) {
    throw unknownRule(
      command.rule,
      all.map(({ name }) => name),
    )
  }
  const now = Date.now()
  const feedback = givenFeedback(await readFields(command.feedback), now, 1, command.feedback)
  const explained = rules.map((rule) => ({ rule: rule.name, ...explain(rule, feedback, { now }) }))
  print(
    json
      ? JSON.stringify({ now: new Date(now).toISOString(), rules: explained })
      : explained
          .map(({ rule, ...why }) => `${paint(rule, 'bold')}\n${printExplanation(why, locale)}`)
          .join('\n\n'),
  )
  return exitCodes.ok
}

async function readFields(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadableFile(file, cause)
  })
  const document = parseDocument(text)
  const checked = fieldsSchema.safeParse(document.toJS())
  const problem = document.errors[0]?.message.split('\n')[0]
  if (problem === undefined && checked.success) return checked.data
  throw new CliError(
    {
      en: `${file} is not a list of fields such as "severity_score: 9"${problem === undefined ? '.' : `: ${problem}`}`,
      zh: `${file} 不是字段列表（例如 “severity_score: 9”）${problem === undefined ? '。' : `：${problem}`}`,
    },
    exitCodes.invalid,
  )
}

function unknownRule(name: string, names: readonly string[]): CliError {
  const meant = nearest(name, names)
  return new CliError(
    {
      en: `There is no rule ${name}${meant === undefined ? '.' : `; did you mean ${meant}?`}`,
      zh: `没有规则 ${name}${meant === undefined ? '。' : `，是否指 ${meant}？`}`,
    },
    exitCodes.invalid,
  )
}
