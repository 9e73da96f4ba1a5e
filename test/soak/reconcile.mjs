// Compares a million field pairs with a target that has a thousand of them otherwise.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { standardChannels } from '@andon/channels'
import { createAndon, sqliteStore } from '@andon/core'
import { subjectKey } from '@andon/core/connector'
import { honestTarget } from '../support/honest-target.ts'
import { plantedFloor } from '../support/planted-floor.mjs'

const help = `Usage: npm run soak -- reconcile [options]

Plants differences among field pairs in the embedded store and a target of this process, and reconciles: every one has
to be found, no other, and the memory has to stay flat.

Options:
  --pairs <n>        field pairs, a multiple of 4 (default 1000000)
  --differences <n>  planted (default 1000)
  --seed <n>         of where they are (default: from the clock, and printed)
  --help             show this text`

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '1000000' },
    differences: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = await main()

async function main() {
  const pairs = Number(values.pairs)
  const differences = Number(values.differences)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const data = mkdtempSync(join(tmpdir(), 'andon-reconcile-'))
  const mes = honestTarget()
  const store = sqliteStore({ path: join(data, 'andon.db') })
  const andon = createAndon({ channels: standardChannels(), data, store, targets: { mes } })
  try {
    await andon.start()
    console.error(`seed ${seed}`)
    const begun = performance.now()
    const { planted } = await plantedFloor({ store, floor: mes.floor, pairs, differences, seed })
    const filled = performance.now()
    console.error(`${pairs} pairs written in ${seconds(filled - begun)} s`)
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc')
    let [low, high, calls] = [Number.POSITIVE_INFINITY, 0, 0]
    const result = await andon.reconcile({
      mostDifferences: differences + 100,
      onProgress() {
        if (calls++ % 100 !== 0) return
        collect()
        const { heapUsed } = process.memoryUsage()
        ;[low, high] = [Math.min(low, heapUsed), Math.max(high, heapUsed)]
      },
    })
    const took = performance.now() - filled
    const found = result.differences.map(({ subject, field }) => `${subjectKey(subject)} ${field}`).sort()
    const all = found.length === planted.length && found.every((one, index) => one === planted[index])
    const percent = Math.floor(result.share * 1e6) / 1e4
    console.log(
      `${result.compared} pairs compared in ${seconds(took)} s, ${result.matching} the same (${percent} %), ` +
        `${all ? `every one of ${differences} differences found, no other` : 'not the planted differences'}.`,
    )
    console.log(`Heap between ${megabytes(low)} and ${megabytes(high)} MB while comparing.`)
    return all && result.compared === pairs && high - low < 64e6 ? 0 : 1
  } finally {
    await andon.close()
    rmSync(data, { recursive: true, force: true })
  }
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return (milliseconds / 1000).toFixed(1)
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(0)
}
