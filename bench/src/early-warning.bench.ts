import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { detect, readKnownEvents, readMapping } from '@andon/cli'
import type { Localized } from '@andon/core'
import type { Detector } from '@andon/core/connector'
import { emergingIssue } from '@andon/ml'
import { farringtonAlarms } from './lib/early-warning/farrington-alarms.ts'
import { type Panel, picture } from './lib/early-warning/picture.ts'
import { mostYearsAhead, type Tally, tallyOf } from './lib/early-warning/tally.ts'
import { threshold } from './lib/early-warning/threshold.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    picture: { type: 'string' },
    without: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`npm run bench -- early-warning [--data <folder>] [--picture <folder>] [--without <model>] [--json]

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
--picture draws the two known answers of the data into that folder, as docs/detectors.md shows them.
--without leaves out the recalls of generations with that in their name: U625 alone, the newest Explorer, has 59 of 147.
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

/** Counts the models and years that the complaints are of, and what the picture shows, by month. */
const modelYears = new Set<string>()
const [structure, fires] = [new Map<string, number>(), new Map<string, number>()]
const burnt = new Set<string>()
const countOne = (months: Map<string, number>, at: string): void => {
  months.set(at.slice(0, 7), (months.get(at.slice(0, 7)) ?? 0) + 1)
}
const generations = { explorer: 'Explorer U502 (2011-2019)', rav4: 'RAV4 XA40 (2013-2018)' } as const
const counting: Detector = {
  contract: 1,
  name: 'model-years',
  capabilities: {},
  init: () => null,
  observe(_, batch) {
    for (const { productModel, receivedAt, serialNumber = '', faultCode, safetyFlags } of batch) {
      modelYears.add(`${productModel} ${receivedAt.slice(0, 4)}`)
      if (productModel === generations.explorer && faultCode?.code === 'STRUCTURE')
        countOne(structure, receivedAt)
      if (productModel !== generations.rav4 || !safetyFlags.fire || burnt.has(serialNumber)) continue
      burnt.add(serialNumber)
      countOne(fires, receivedAt)
    }
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
const compared = result.known.filter(
  ({ event }) => values.without === undefined || !event.model.includes(values.without),
)
const tallies = methods.map(({ name }) => tallyOf(name, { ...result, known: compared }, modelYears.size))

/** A known answer: told by emergingIssue as it comes, and known by a recall. */
function panel(title: Localized, months: ReadonlyMap<string, number>, key: string, event: string): Panel {
  const told = result.findings.find(
    ({ detector, finding }) => detector === 'emergingIssue' && finding.key === key,
  )
  const known = result.known.find((one) => one.event.name === event)
  if (told === undefined || known === undefined) throw new Error(`${key} or ${event} is not in the data`)
  const date = (at: number): string => new Date(at).toISOString().slice(0, 10)
  return { title, months, told: date(told.at), known: date(known.event.at), event }
}

if (values.picture !== undefined) {
  const panels = [
    panel(
      { en: 'Ford Explorer 2015–2019: STRUCTURE', zh: '福特探险者 2015–2019：车身结构（STRUCTURE）' },
      structure,
      JSON.stringify(['emerging', generations.explorer, 'STRUCTURE']),
      '25V347000',
    ),
    panel(
      { en: 'Toyota RAV4 2015–2018: fire', zh: '丰田 RAV4 2015–2018：起火' },
      fires,
      JSON.stringify(['emerging', generations.rav4, 'safety:fire']),
      '23V734000',
    ),
  ]
  writeFileSync(`${values.picture}/early-warning.svg`, picture(panels, 'en'))
  writeFileSync(`${values.picture}/early-warning.zh-CN.svg`, picture(panels, 'zh'))
}

const months = (days: number | null): string => (days === null ? '–' : (days / 30.44).toFixed(1))
const line = ({ method, warned, of, medianLead, alarms, unknown, mostUnknown }: Tally): string =>
  [
    method.padEnd(22),
    `${warned} of ${of}`.padStart(12),
    months(medianLead).padStart(14),
    alarms.toFixed(2).padStart(14),
    unknown.toFixed(2).padStart(16),
    String(mostUnknown).padStart(12),
  ].join('')

if (values.json) process.stdout.write(`${JSON.stringify({ modelYears: modelYears.size, tallies })}\n`)
else {
  const head = ['', 'recalls', 'median lead,', 'alarms per', 'of no recall', 'most in']
  const under = ['', 'warned of', 'months', 'model-year', 'per model-year', 'one']
  const widths = [22, 12, 14, 14, 16, 12]
  const row = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('')
  process.stdout.write(
    `${result.feedback.toLocaleString('en')} feedback, ${modelYears.size} model-years (ten generations), ${compared.length} recalls of a generation.\n\n${row(head)}\n${row(under)}\n${tallies.map(line).join('\n')}\n`,
  )
}
