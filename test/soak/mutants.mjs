// Breaks each promise on purpose and asks whether its test notices.
import { parseArgs } from 'node:util'
import { mutants, tryMutant } from '../support/mutants.mjs'

const help = `Usage: npm run soak -- mutants [options]

Copies the built core, changes one text in the copy, and runs the promise's test against it: the test must
fail. A text that is no longer there is a failure, too.

Options:
  --only <text>   only mutants whose name or test file has this text
  --json          prints one JSON object at the end, progress on stderr
  --help          show this text`

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = await main()

async function main() {
  const say = (/** @type {string} */ line) => (values.json ? console.error(line) : console.log(line))
  const chosen = mutants.filter(({ name, file }) => `${name} ${file}`.includes(values.only))
  /** @type {string[]} */
  const unnoticed = []
  for (const file of new Set(chosen.map((mutant) => mutant.file))) {
    const { test } = chosen.find((mutant) => mutant.file === file) ?? {}
    const unharmed = await tryMutant(test === undefined ? { file } : { file, test })
    if (unharmed.failed > 0 || unharmed.passed === 0) {
      unnoticed.push(`${file} fails on the unharmed core`)
      say(unharmed.output)
    }
  }
  for (const mutant of chosen) {
    const begun = performance.now()
    const failed = await tryMutant(mutant, mutant).then(
      (result) => result.failed,
      (error) => {
        say(String(error))
        return 0
      },
    )
    if (failed === 0) unnoticed.push(mutant.name)
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    say(
      `${failed > 0 ? '✓' : '✗'} promise ${mutant.promise}: ${mutant.name} (${failed} tests noticed, ${seconds} s)`,
    )
  }
  if (values.json) console.log(JSON.stringify({ mutants: chosen.length, unnoticed }))
  else
    console.log(
      unnoticed.length === 0
        ? `All ${chosen.length} were noticed.`
        : `Unnoticed:\n  ${unnoticed.join('\n  ')}`,
    )
  return unnoticed.length === 0 ? 0 : 1
}
