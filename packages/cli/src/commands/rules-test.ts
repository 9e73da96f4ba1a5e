import type { CommandContext } from '../context.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { testJson, testReport } from '../rules-test/report.js'
import { runTests } from '../rules-test/run-tests.js'
import { readTestFile } from '../rules-test/test-file.js'
import { readRules } from './read-rules.js'

/** `andon rules test`: given these events, do exactly these firings come of it? In virtual time. */
export async function rulesTest(file: string, context: CommandContext): Promise<ExitCode> {
  const { locale, json, paint, print } = context
  const tests = await readTestFile(file, locale)
  const outcomes = runTests(tests, await readRules(tests.rules))
  print(json ? JSON.stringify(testJson(outcomes)) : testReport(outcomes, locale, paint))
  return outcomes.every(({ passed }) => passed) ? exitCodes.ok : exitCodes.invalid
}
