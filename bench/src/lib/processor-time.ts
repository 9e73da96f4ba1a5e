import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second of /proc/<pid>/stat: the same on every Linux that Node runs on. */
const ticksPerSecond = 100

interface Stat {
  readonly parent: number
  /** Seconds of its own, and of children that have ended and been waited for. */
  readonly seconds: number
}

function statOf(pid: string): Stat | undefined {
  try {
    // The name may have spaces and brackets in it.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index] ?? 0), 0)
    return { parent: Number(fields[1] ?? 0), seconds: ticks / ticksPerSecond }
  } catch {
    return undefined
  }
}

/** Processor seconds of a process and of everything below it; 0 where there is no /proc. */
export function processorSeconds(root: number): number {
  let pids: readonly string[]
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return 0
  }
  const stats = new Map(
    pids.flatMap((pid) => {
      const stat = statOf(pid)
      return stat === undefined ? [] : [[Number(pid), stat] as const]
    }),
  )
  const isBelow = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = stats.get(at)?.parent) {
      if (at === root) return true
    }
    return false
  }
  return [...stats].reduce((sum, [pid, { seconds }]) => (isBelow(pid) ? sum + seconds : sum), 0)
}
