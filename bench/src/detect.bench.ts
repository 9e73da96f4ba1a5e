import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Cell, machine, measure } from './lib/cells.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    baskets: {
      type: 'string',
      default: join(import.meta.dirname, '..', '..', '..', 'shared', 'oracles', 'groceries.csv'),
    },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`npm run bench -- detect [--quick] [--rounds 3] [--seed 1] [--baskets <file>] [--json]

Feedback per CPU-second (user and system, all threads) through the detectors of @andon/ml, alone and all together: a
year of 550 a day over 40 models with 40 faults each, in batches of 100 as they come from JSON. Counted is the second
half, when their memories are full, less a pass that only makes the feedback: the collector's time for what they keep is
in it. A defect is planted, so that they have something to find.
  peak      all together at 50,000 a day
Item sets of the baskets in a file, one a line, at a support of .001, by the processor's time of a warm run: 9,835 of
groceries unless told. Rules of .01 and .25 beside those of apriori, which loses some.
--quick is a quarter of the year, one round.
`)
  process.exit(0)
}

const detectors = ['recurrence', 'regionalConcentration', 'association', 'emergingIssue']
const all = detectors.join(' ')
const count = values.quick ? 50_000 : 200_000
const stream = (name: string, of: string, perDay: number): Cell => ({
  name,
  file: 'detect.cell.ts',
  args: { detectors: of, seed: Number(values.seed), count, perDay, batch: 100 },
})
const sets = (library: string, support: number, confidence: number): Cell => ({
  name: `${library} ${support} ${confidence}`,
  file: 'item-sets.cell.ts',
  args: { library, file: values.baskets, support, confidence, seconds: values.quick ? 1 : 3 },
})
const hasBaskets = existsSync(values.baskets)
const cells = [
  ...detectors.map((name) => stream(name, name, 550)),
  stream('together', all, 550),
  stream('peak', all, 50_000),
  ...(hasBaskets
    ? [
        sets('andon', 0.001, 0),
        sets('node-fpgrowth', 0.001, 0),
        sets('andon', 0.01, 0.25),
        sets('apriori', 0.01, 0.25),
      ]
    : []),
]
const figures = await measure(cells, values.quick ? 1 : Number(values.rounds))

if (values.json)
  process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
else {
  const of = (cell: string, name: string): number => figures.get(cell)?.[name] ?? Number.NaN
  const line = (cell: string): string =>
    `${cell.padEnd(22)} ${of(cell, 'perCpuSecond').toLocaleString('en').padStart(9)}   ${of(cell, 'microseconds').toFixed(2).padStart(5)} µs   ${of(cell, 'findings')} findings, state ${of(cell, 'stateKiB').toLocaleString('en')} KiB`
  const ms = (cell: string): string => `${of(cell, 'ms').toFixed(0)} ms`
  const [own, other] = ['andon 0.001 0', 'node-fpgrowth 0.001 0']
  const times = of(other ?? '', 'ms') / of(own ?? '', 'ms')
  process.stdout.write(`${machine()}
feedback a CPU-second, ${count.toLocaleString('en')} at 550 a day

${[...detectors, 'together', 'peak'].map(line).join('\n')}

${
  hasBaskets
    ? `item sets at .001       ${ms('andon 0.001 0')} for ${of('andon 0.001 0', 'sets')}; node-fpgrowth ${ms('node-fpgrowth 0.001 0')} for ${of('node-fpgrowth 0.001 0', 'sets')}: ${times.toFixed(1)} × as quick
rules of .01 and .25    ${of('andon 0.01 0.25', 'rules')} in ${ms('andon 0.01 0.25')}; apriori ${of('apriori 0.01 0.25', 'rules')} in ${ms('apriori 0.01 0.25')}`
    : `no baskets at ${values.baskets}: item sets are not measured (--baskets)`
}
`)
}
