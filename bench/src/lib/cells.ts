import { spawn } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'

export type Figures = Readonly<Record<string, number>>

/** One thing to measure: a file that prints its figures as one JSON line, and its arguments. */
export interface Cell {
  readonly name: string
  readonly file: string
  readonly args: Readonly<Record<string, string | number>>
  /** Of node: what the command that users would start has by itself. */
  readonly nodeOptions?: readonly string[]
}

/** The machine a figure was measured on; a figure without it means nothing. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`
}

/** Runs every cell `rounds` times, each in a process of its own, interleaved, and gives the median of each figure. */
export async function measure(
  cells: readonly Cell[] | ((round: number) => readonly Cell[]),
  rounds: number,
): Promise<Map<string, Figures>> {
  const measured = new Map<string, Figures[]>()
  for (let round = 1; round <= rounds; round++) {
    for (const cell of typeof cells === 'function' ? cells(round) : cells) {
      process.stderr.write(`round ${round} of ${rounds}: ${cell.name} … `)
      const figures = await runCell(cell)
      measured.set(cell.name, [...(measured.get(cell.name) ?? []), figures])
      process.stderr.write(`${JSON.stringify(figures)}\n`)
    }
  }
  return new Map([...measured].map(([name, figures]) => [name, medians(figures)]))
}

function runCell({ file, args, nodeOptions = [] }: Cell): Promise<Figures> {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url))
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...nodeOptions, path, JSON.stringify(args)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`${file} ended with code ${code}`))
      else resolve(JSON.parse(output) as Figures)
    })
  })
}

function medians(runs: readonly Figures[]): Figures {
  const names = Object.keys(runs[0] ?? {})
  return Object.fromEntries(names.map((name) => [name, median(runs.map((run) => run[name] ?? Number.NaN))]))
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value below which the share `q` of the values lies (nearest rank). */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}
