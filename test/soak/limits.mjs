import { parseArgs } from 'node:util'
import { tuneMany } from '../support/tuning.ts'

const help = `npm run soak -- limits [--actions 100000] [--seed 1] [--json]

Random parameter changes against machines without limits of their own: proposed, tried again, taken back, stopped, with
targets that fail in every way, operators who turn knobs, and restarts. No value may leave its range, make a larger step
or come sooner than the dwell allows.`

const { values } = parseArgs({
  options: {
    actions: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(help)
  process.exit(0)
}
const started = performance.now()
let shown = 0
const report = await tuneMany({
  seed: Number(values.seed),
  actions: Number(values.actions),
  progress: ({ actions, problems }) => {
    if (values.json || actions - shown < 5000) return
    shown = actions
    console.log(`${actions} actions, ${problems.length} problems`)
  },
})
const seconds = Math.round((performance.now() - started) / 100) / 10
if (values.json) console.log(JSON.stringify({ ...report, seconds }))
else {
  const { actions, changes, reversals, refused, waited, problems } = report
  for (const problem of problems.slice(0, 20)) console.log(problem)
  console.log(
    `${actions} actions in ${seconds} s: ${changes} changes of a machine, ${reversals} of them taken back, ${refused} refused, ${waited} made to wait; ${problems.length} broke a bound`,
  )
}
process.exitCode = report.problems.length > 0 ? 1 : 0
