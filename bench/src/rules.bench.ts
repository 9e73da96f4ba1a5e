import { parseArgs } from 'node:util'
import { type Cell, type Figures, machine, measure } from './lib/cells.ts'
import { type SetName, setNames } from './lib/rule-sets.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`npm run bench -- rules [--quick] [--rounds 3] [--json]

Which of 1 to 10,000 rules does one feedback meet? Events per CPU-second (user and system, all threads), warmed up,
for createMatcher(), for hand-written closures asked one after the other, and for four other engines. Medians of the
rounds; json-rules-engine and cel-js with 10,000 rules, which take minutes, are measured once.
  equality  severity > a AND product_line = b AND region = c, over 40 lines × 25 regions
  range     hours of use between two limits, some with a severity besides; one in four a severity alone
  or        three ways to be met: model, batch or serial number, each with a limit
  like      a word anywhere in the text, Latin or Chinese; one in four the beginning of a serial number
In range, or and like the world grows with the rules: an event meets about two rules, however many there are.
  change    loading 10,000 rules from their text, and removing and adding one among 10,000
Every engine has to find the same number of rules for the same events, or the run fails.
--quick is one round with 100 and 10,000 rules, without the slowest engines at 10,000.
`)
  process.exit(0)
}

const engines = ['andon', 'closures', 'json-rules-engine', 'zen-engine', 'node-rules', 'cel-js'] as const
type EngineName = (typeof engines)[number]
const titles: Readonly<Record<EngineName, string>> = {
  andon: 'createMatcher()',
  closures: 'closures, all asked',
  'json-rules-engine': 'json-rules-engine',
  'zen-engine': 'GoRules ZEN, a table',
  'node-rules': 'node-rules',
  'cel-js': 'cel-js, parsed once',
}
const most = 10_000
const counts = values.quick ? [100, most] : [1, 10, 100, 1000, most]
/** Growth is measured from ten rules on: one rule is not a set. */
const fewest = values.quick ? 100 : 10
const slow: readonly EngineName[] = ['json-rules-engine', 'cel-js']

/** The others are not asked with ten rules, and in a quick run the slowest not with the most. */
const isMeasured = (engine: EngineName, count: number): boolean =>
  engine === 'andon' || (count !== 10 && !(values.quick && count === most && slow.includes(engine)))

const nameOf = (set: SetName, engine: EngineName, count: number): string => `${set} ${engine} ${count}`
const seconds = values.quick ? 0.1 : 0.2
const cells = setNames.flatMap((set) => [
  ...counts.flatMap((count) =>
    engines
      .filter((engine) => isMeasured(engine, count))
      .map(
        (engine): Cell => ({
          name: nameOf(set, engine, count),
          file: 'rules.cell.ts',
          args: { mode: 'match', set, engine, count, seconds },
        }),
      ),
  ),
  { name: `${set} change`, file: 'rules.cell.ts', args: { mode: 'change', set, count: most } } satisfies Cell,
])
const isSlow = ({ args }: Cell): boolean =>
  args.count === most && slow.some((engine) => engine === args.engine)
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3))
const figures = await measure(
  cells.filter((cell) => !isSlow(cell)),
  rounds,
)
// A thousand times slower is told by one round as well as by three, which would take longer than all the rest.
for (const [name, measured] of await measure(cells.filter(isSlow), 1)) figures.set(name, measured)
const figure = (cell: string, name: string): number => figures.get(cell)?.[name] ?? Number.NaN
const speed = (set: SetName, engine: EngineName, count: number): number =>
  figure(nameOf(set, engine, count), 'eventsPerCpuSecond')

for (const set of setNames) {
  for (const count of counts) {
    const found = engines.filter((engine) => isMeasured(engine, count))
    const checked = new Set(found.map((engine) => figure(nameOf(set, engine, count), 'checked')))
    if (checked.size > 1)
      throw new Error(`${set} with ${count} rules: the engines do not agree, ${[...checked]}`)
  }
}

const rounded = (value: number): string =>
  Number.isNaN(value) ? '–' : Number(value.toPrecision(3)).toLocaleString('en')
const line = (title: string, cells: readonly string[]): string =>
  `  ${title.padEnd(22)}${cells.map((cell) => cell.padStart(13)).join('')}`

function table(set: SetName): string {
  const growth = speed(set, 'andon', fewest) / speed(set, 'andon', most)
  const times = (engine: EngineName): string =>
    `${rounded(speed(set, 'andon', most) / speed(set, engine, most))} × ${engine}`
  const rivals = engines.filter((engine) => engine !== 'andon' && isMeasured(engine, most))
  const change = (name: string): number => figure(`${set} change`, name)
  return [
    line(
      set,
      counts.map((count) => `${count.toLocaleString('en')} rules`),
    ),
    ...engines.map((engine) =>
      line(
        titles[engine],
        counts.map((count) => rounded(speed(set, engine, count))),
      ),
    ),
    line(
      'rules met per event',
      counts.map((count) => rounded(figure(nameOf(set, 'andon', count), 'matchesPerEvent'))),
    ),
    `  at ${most.toLocaleString('en')}: ${rivals.map(times).join(', ')}`,
    `  an event costs ${growth.toFixed(1)} × as much with ${most.toLocaleString('en')} rules as with ${fewest}`,
    `  10,000 rules from text in ${change('loadSeconds').toFixed(2)} CPU-seconds (${change('parseSeconds').toFixed(2)} of them reading); one removed, added and asked in ${change('changeMicroseconds').toFixed(1)} µs`,
  ].join('\n')
}

const taken = values.quick
  ? `median of ${rounds}`
  : `median of ${rounds}, ${slow.join(' and ')} with ${most.toLocaleString('en')} rules once`

if (values.json) {
  const all: Readonly<Record<string, Figures>> = Object.fromEntries(figures)
  process.stdout.write(`${JSON.stringify({ machine: machine(), ...all })}\n`)
} else {
  process.stdout.write(
    `${machine()}\nEvents per CPU-second; ${taken}; – is not asked.\n\n${setNames.map(table).join('\n\n')}\n`,
  )
}
