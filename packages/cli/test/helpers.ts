import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type ExitCode, type Io, main, type Output } from '../src/index.js'

export interface Ran {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

/** A process around the command that a test can look into. */
export class FakeIo implements Io {
  readonly written = { out: '', err: '' }
  readonly env: Io['env']
  readonly out: Output
  readonly err: Output
  readonly #listeners = new Set<() => void>()
  readonly #waiting = new Set<() => void>()

  constructor(options: { readonly env?: Io['env']; readonly isTerminal?: boolean } = {}) {
    this.env = options.env ?? {}
    const isTerminal = options.isTerminal ?? false
    const output = (to: 'out' | 'err'): Output => ({
      write: (text) => {
        this.written[to] += text
        for (const look of this.#waiting) look()
      },
      isTerminal,
      width: 100,
    })
    this.out = output('out')
    this.err = output('err')
  }

  onSignal(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves when this has been written. */
  until(to: 'out' | 'err', text: string): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!this.written[to].includes(text)) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** As if SIGINT came. */
  interrupt(): void {
    for (const listener of this.#listeners) listener()
  }
}

export async function andon(argv: readonly string[], io = new FakeIo()): Promise<Ran> {
  const code = await main(argv, io)
  return { code, ...io.written }
}

/** A folder of its own with these files, gone after the test. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'andon-cli-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return (name) => join(folder, name)
}

export const seedRule = `CREATE RULE critical_issue_escalation AS
SELECT * FROM feedbacks
WHERE severity_score > 8
  AND last_occurrence_time > NOW() - INTERVAL '1 hour'
  AND product_line = '高端系列'
ESCALATE TO production_team WITH PRIORITY 1;
`
