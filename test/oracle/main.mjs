// Compares the rule language with PostgreSQL (PGlite) and SQLite: `npm run test:oracle`.
import { parseArgs } from 'node:util'
import * as rule from '@andon/core/rule'
import { runOracle } from './run-oracle.mjs'

const help = `Usage: npm run test:oracle -- [options]

Evaluates random conditions over random feedback with the rule language, with PostgreSQL and, where it means
the same, with SQLite; checks that a condition, its NOT and its IS NULL split the rows; and puts bugs into a copy
of the built core, each of which must be noticed.

Options:
  --seed <number>        repeats a run; a new one without it
  --predicates <number>  2000 without it
  --rows <number>        1000 without it
  --json                 prints one JSON object at the end, progress on stderr
  --help                 show this text`

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    predicates: { type: 'string', default: '2000' },
    rows: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const mostShown = 10

/** @param {string} name @param {string} text */
function whole(name, text) {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} needs a whole number, not ${text}`)
  return Number(text)
}

if (values.help) console.log(help)
else process.exitCode = await main()

async function main() {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : whole('seed', values.seed)
  const size = { predicates: whole('predicates', values.predicates), rows: whole('rows', values.rows) }
  const say = (/** @type {string} */ line) => (values.json ? console.error(line) : console.log(line))
  say(
    `Seed ${seed}: npm run test:oracle -- --seed ${seed} --predicates ${size.predicates} --rows ${size.rows}`,
  )
  const begun = performance.now()
  const report = await runOracle(rule, { seed, ...size, progress: say })
  const seconds = Math.round((performance.now() - begun) / 100) / 10

  for (const { predicate, against, what } of report.mismatches.slice(0, mostShown))
    say(`✗ ${against}, ${what}\n  ${predicate}`)
  for (const { name, noticed } of report.bugs)
    say(`${noticed === undefined ? '✗ not noticed' : '✓ noticed'}: ${name}`)
  const failed = report.mismatches.length > 0 || report.bugs.some(({ noticed }) => noticed === undefined)
  if (values.json) console.log(JSON.stringify({ ...report, seconds }))
  else
    console.log(
      `${report.predicates} predicates × ${report.rows} rows (${report.sqlite} of them in SQLite, too): ` +
        `${report.mismatches.length} mismatches in ${seconds} s`,
    )
  return failed ? 1 : 0
}
