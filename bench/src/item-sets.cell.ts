import { readFileSync } from 'node:fs'
import { associationRules, frequentItemsets } from '@andon/ml'
import apriori from 'apriori'
import fpgrowth from 'node-fpgrowth'

// One cell of item sets, in a process of its own: the baskets of a file, mined again and again by one library.
const { library, file, support, confidence, seconds } = JSON.parse(process.argv[2] ?? '{}') as {
  library: 'andon' | 'node-fpgrowth' | 'apriori'
  file: string
  support: number
  /** Of rules; 0 for item sets only. */
  confidence: number
  seconds: number
}
const baskets = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split(','))

const mine: Readonly<Record<typeof library, () => Promise<{ sets: number; rules: number }>>> = {
  andon: async () => {
    const found = frequentItemsets(baskets, { support })
    return {
      sets: found.sets.length,
      rules: confidence === 0 ? 0 : associationRules(found, { confidence, right: 'any' }).length,
    }
  },
  'node-fpgrowth': async () => ({
    sets: (await new fpgrowth.FPGrowth<string>(support).exec(baskets)).length,
    rules: 0,
  }),
  apriori: async () => {
    const found = new apriori.Algorithm(support, confidence, false).analyze(baskets)
    const sets = Object.values(found.frequentItemSets).flat().length
    return { sets, rules: found.associationRules.length }
  },
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const runs: number[] = []
let found = { sets: 0, rules: 0 }
// The slowest take longer than a warm-up may: what takes seconds needs none.
const warm = performance.now() + seconds * 300
do found = await mine[library]()
while (performance.now() < warm)
const end = performance.now() + seconds * 1000
do {
  globalThis.gc?.()
  const before = cpuMs()
  found = await mine[library]()
  runs.push(cpuMs() - before)
} while (performance.now() < end)
runs.sort((a, b) => a - b)
process.stdout.write(JSON.stringify({ ms: runs[Math.floor(runs.length / 2)], ...found }))
