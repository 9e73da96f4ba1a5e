/** One test function of a runner, as vitest, jest and node:test have it. */
export interface ContractIt {
  (name: string, body: () => Promise<void>): unknown
  skip(name: string, body: () => Promise<void>): unknown
}

/** All that a contract suite needs of a test runner: vitest, jest or node:test fit as they are. */
export interface ContractRunner {
  describe(name: string, body: () => void): unknown
  readonly it: ContractIt
}

/** What became of one case of a suite. */
export interface CaseResult {
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly error?: unknown
}

export interface RecordingRunner extends ContractRunner {
  /** Runs the recorded cases one after the other; whoever reports decides what a failure means. */
  run(): Promise<readonly CaseResult[]>
}

/**
 * A runner that only records: run a suite from a program, for instance to prove that it fails for an
 * implementation that was broken on purpose.
 */
export function recordingRunner(): RecordingRunner {
  const cases: { readonly name: string; readonly body?: () => Promise<void> }[] = []
  const it = Object.assign(
    (name: string, body: () => Promise<void>) => {
      cases.push({ name, body })
    },
    {
      skip: (name: string) => {
        cases.push({ name })
      },
    },
  )
  return {
    describe: (_name, body) => body(),
    it,
    async run() {
      const results: CaseResult[] = []
      for (const { name, body } of cases) {
        if (body === undefined) {
          results.push({ name, outcome: 'skipped' })
          continue
        }
        try {
          await body()
          results.push({ name, outcome: 'passed' })
        } catch (error) {
          results.push({ name, outcome: 'failed', error })
        }
      }
      return results
    },
  }
}
