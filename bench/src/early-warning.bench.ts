import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { detect, readKnownEvents, readMapping } from '@andon/cli'
import type { Detector } from '@andon/core/connector'
import { emergingIssue } from '@andon/ml'
import { farringtonAlarms } from './lib/early-warning/farrington-alarms.ts'
import { mostYearsAhead, type Tally, tallyOf } from './lib/early-warning/tally.ts'
import { threshold } from './lib/early-warning/threshold.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`npm run bench -- early-warning [--data <folder>] [--json]

Eleven years of complaints about six models of cars in the order of filing, and the recalls that came: which of them
would have been warned of, how long ahead, and how often somebody would have been called.
  5 in 30 days          so many cases of a fault of a model, told once a year; and 10 in 30 days, 25 in 180 days
  Farrington            months of arrival against three years, improved, with its level of .005; and with one as strict as
                        gives about as few alarms as emergingIssue at .1
  emergingIssue         as it comes; and with falseAlarms of .1 and 1
All count the same cases of the same faults and safety flags. A model is a generation; what is told of one fault in one
year is one alarm. A recall is warned of by an alarm at most ${mostYearsAhead} years before, at least half of whose complaints are about
its model and component, or about fire where its notice is.
--data is the folder with complaints.csv and recalls.csv of the NHTSA; ../shared/data/nhtsa beside the repository unless told.
`)
  process.exit(0)
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const data = values.data ?? path('../../../shared/data/nhtsa')
const files = { complaints: `${data}/complaints.csv`, recalls: `${data}/recalls.csv` }
for (const file of Object.values(files)) {
  if (existsSync(file)) continue
  process.stderr.write(
    `There is no ${file}: --data <folder> says where complaints.csv and recalls.csv are.\n`,
  )
  process.exit(2)
}

/** Counts the models and years that the complaints are of. */
const modelYears = new Set<string>()
const counting: Detector = {
  contract: 1,
  name: 'model-years',
  capabilities: {},
  init: () => null,
  observe(_, batch) {
    for (const { productModel, receivedAt } of batch)
      modelYears.add(`${productModel} ${receivedAt.slice(0, 4)}`)
    return []
  },
}
const named = (name: string, detector: Detector): Detector => ({ ...detector, name })
const methods: readonly Detector[] = [
  threshold(5, 30),
  threshold(10, 30),
  threshold(25, 180),
  farringtonAlarms(),
  farringtonAlarms(1e-6),
  named('emergingIssue', emergingIssue()),
  named('emergingIssue, .1', emergingIssue({ falseAlarms: 0.1 })),
  named('emergingIssue, 1', emergingIssue({ falseAlarms: 1 })),
]
const example = '../../examples/complaint-replay'
const { events } = await readKnownEvents(
  files.recalls,
  await readMapping(path(`${example}/recalls.nhtsa.json`)),
)
const result = await detect({
  file: files.complaints,
  mapping: await readMapping(path(`${example}/mapping.nhtsa-detect.json`)),
  detectors: [...methods, counting],
  known: events,
})
const tallies = methods.map(({ name }) => tallyOf(name, result, modelYears.size))

const months = (days: number | null): string => (days === null ? '–' : (days / 30.44).toFixed(1))
const line = ({ method, warned, of, medianLead, alarms, unknown, mostUnknown }: Tally): string =>
  [
    method.padEnd(22),
    `${warned} of ${of}`.padStart(12),
    months(medianLead).padStart(14),
    alarms.toFixed(2).padStart(14),
    unknown.toFixed(2).padStart(14),
    String(mostUnknown).padStart(12),
  ].join('')

if (values.json) process.stdout.write(`${JSON.stringify({ modelYears: modelYears.size, tallies })}\n`)
else {
  const head = ['', 'recalls', 'median lead,', 'alarms per', 'of no recall', 'most in']
  const under = ['', 'warned of', 'months', 'model-year', 'per model-year', 'one']
  const widths = [22, 12, 14, 14, 14, 12]
  const row = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('')
  process.stdout.write(
    `${result.feedback.toLocaleString('en')} feedback, ${modelYears.size} model-years (ten generations), ${result.known.length} recalls of a generation.\n\n${row(head)}\n${row(under)}\n${tallies.map(line).join('\n')}\n`,
  )
}
