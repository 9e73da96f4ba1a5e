import { parseArgs } from 'node:util'
import { mesStorms } from '../support/mes-storm.ts'
import { wholeNumber } from '../support/whole-number.mjs'

const help = `npm run soak -- mes [--sequences 1000] [--seed 1] [--json]

Random sequences of actions and reversals against the MES simulator, with faults at up to half of all requests, restarts
of the target, and people at the line. At the end of each the MES has to be as the receipts say, each effect once. The
seed of a sequence that fails is printed: --sequences 1 --seed n makes it again.`

const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) console.log(help)
else {
  const started = performance.now()
  const report = await mesStorms({
    seed: wholeNumber('seed', values.seed),
    sequences: wholeNumber('sequences', values.sequences),
    progress({ sequences, problems }) {
      if (!values.json && sequences % 100 === 0)
        console.log(`${sequences} sequences, ${problems.length} problems`)
    },
  })
  const seconds = Math.round((performance.now() - started) / 100) / 10
  const { sequences, actions, attempts, done, refused, reverted, faults, problems } = report
  if (values.json) console.log(JSON.stringify({ ...report, seconds }))
  else {
    for (const problem of problems.slice(0, 20)) console.log(problem)
    console.log(
      `${sequences} sequences in ${seconds} s: ${actions} actions in ${attempts} attempts that met ${faults} faults; ` +
        `${done} done, ${refused} refused, ${reverted} taken back; ${problems.length} differences`,
    )
  }
  process.exitCode = problems.length > 0 ? 1 : 0
}
