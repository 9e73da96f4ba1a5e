// Reads texts from the nearly right to the absurd as rules and as conditions.
import { parseArgs } from 'node:util'
import { fuzz } from '../support/fuzz/run.mjs'
import { wholeNumber } from '../support/whole-number.mjs'

const help = `Usage: npm run soak -- fuzz [options]

Reads scraps of rules, spoilt rules, and arbitrary bytes as rules and as conditions. Whatever the text is: nothing
throws, nothing up to 10 kB takes more than 50 ms of CPU time, every diagnostic stands in the text, and what can be
read is printed, read again and printed the same.

Options:
  --count <n>   texts (default 1000000)
  --seed <n>    of the texts (default: from the clock, and printed)
  --json        prints one JSON object at the end
  --help        show this text`

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = main()

function main() {
  const count = wholeNumber('count', values.count)
  const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000))
  console.error(`seed ${seed}, ${count} texts`)
  const begun = performance.now()
  const seconds = () => Number(((performance.now() - begun) / 1000).toFixed(1))
  const result = fuzz({
    count,
    seed,
    progress: (done) => {
      if (done % 100_000 === 0) console.error(`${done} texts, ${seconds()} s`)
    },
  })
  const { failure, inputs, rules, predicates } = result
  if (values.json) console.log(JSON.stringify({ seed, seconds: seconds(), ...result }))
  else if (failure === undefined)
    console.log(
      `${inputs} texts in ${seconds()} s; ${rules} were rules, ${predicates} conditions. All promises hold.`,
    )
  else
    console.log(
      `${failure.problem}\n\nInput (as JSON): ${JSON.stringify(failure.input)}\nseed ${failure.seed}, path ${failure.path}`,
    )
  return failure === undefined ? 0 : 1
}
