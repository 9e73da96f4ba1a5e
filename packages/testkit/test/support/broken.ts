import assert from 'node:assert/strict'
import { type CaseResult, type ContractRunner, recordingRunner } from '@andon/testkit'

/** Runs a suite and returns the ids of the cases that failed. */
export async function failuresOf(register: (runner: ContractRunner) => void): Promise<readonly string[]> {
  const runner = recordingRunner()
  register(runner)
  const results = await runner.run()
  assert.ok(results.length > 0)
  return results.filter(({ outcome }) => outcome === 'failed').map(idOf)
}

/** A case's name begins with its id. */
const idOf = ({ name }: CaseResult): string => name.slice(0, name.indexOf(':'))
