import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { StrangeMember } from '@andon/testkit'

const program = fileURLToPath(new URL('./member.program.ts', import.meta.url))

/** Starts a process that joins a group, keeps what it is given and says how many partitions it has. */
export async function startMember(setup: {
  readonly brokers: readonly string[]
  readonly prefix: string
  readonly topic: string
  readonly group: string
}): Promise<StrangeMember> {
  const child = spawn(process.execPath, [program, JSON.stringify(setup)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let held = 0
  createInterface({ input: child.stdout }).on('line', (line) => {
    held = Number(line)
  })
  await once(child, 'spawn')
  return {
    held: () => held,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
