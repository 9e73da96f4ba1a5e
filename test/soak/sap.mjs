import { parseArgs } from 'node:util'
import { startDigitalManufacturingStorm } from '../support/sap-storm/digital-manufacturing.ts'
import { storms } from '../support/sap-storm/run.ts'
import { startS4HanaStorm } from '../support/sap-storm/s4hana.ts'
import { wholeNumber } from '../support/whole-number.mjs'

/** What can be put into a storm. */
const systems = { s4hana: startS4HanaStorm, 'digital-manufacturing': startDigitalManufacturingStorm }

const help = `npm run soak -- sap [options]

Random sequences of actions and reversals against simulated SAP systems, with faults at up to 40 % of all requests,
restarts of the target, and people who change things beside. At the end of each the system has to stand as the receipts
say, each effect once. The seed of a sequence that fails is printed: --sequences 1 --seed <n> makes it again.

Options:
  --sequences <n>   of each system (default 1000); the nth has the seed n - 1 after the first
  --seed <n>        of the first sequence (default 1)
  --system <name>   only this one: ${Object.keys(systems).join(', ')}
  --json            prints one JSON object for each system at the end
  --help            show this text`

const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    system: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = await main()

async function main() {
  const chosen = Object.entries(systems).filter(
    ([name]) => values.system === undefined || name === values.system,
  )
  if (chosen.length === 0) {
    console.error(`There is no system "${values.system}". Systems: ${Object.keys(systems).join(', ')}.`)
    return 2
  }
  const seed = wholeNumber('seed', values.seed)
  const sequences = wholeNumber('sequences', values.sequences)
  let failed = 0
  for (const [name, start] of chosen) {
    const begun = performance.now()
    const report = await storms(start, {
      seed,
      sequences,
      progress({ sequences: done, problems }) {
        if (!values.json && done % 100 === 0)
          console.log(`${name}: ${done} sequences, ${problems.length} problems`)
      },
    })
    const seconds = Math.round((performance.now() - begun) / 100) / 10
    failed += report.problems.length
    if (values.json) console.log(JSON.stringify({ system: name, seed, ...report, seconds }))
    else told(name, report, seconds)
  }
  return failed === 0 ? 0 : 1
}

/**
 * @param {string} name
 * @param {import('../support/sap-storm/run.ts').StormReport} report
 * @param {number} seconds
 */
function told(name, report, seconds) {
  const { sequences, actions, attempts, requests, done, refused, reverted, faults, problems } = report
  for (const problem of problems.slice(0, 20)) console.log(problem)
  console.log(
    `${name}: ${sequences} sequences in ${seconds} s: ${actions} actions in ${attempts} attempts and ${requests} requests ` +
      `that met ${faults} faults; ${done} done, ${refused} refused, ${reverted} taken back; ${problems.length} differences`,
  )
}
