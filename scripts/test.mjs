// `npm test`: sets a bare clone up, then builds, checks and tests everything. Starts on any Node ≥ 20.
import { parseArgs } from 'node:util'
import { install } from './lib/setup.mjs'
import { steps } from './lib/steps.mjs'
import { tallyLine } from './lib/tally.mjs'

const help = `Usage: npm test [-- --only <step>]

Installs what is missing, then runs these steps and ends with one line: N passed, N failed.

  ${steps.map(({ name, title }) => `${name.padEnd(12)}${title}`).join('\n  ')}

Options:
  --only <step>   run this step and what it needs; may be given more than once
  --help          show this text

Environment:
  CI=true         a missing ../shared/data, and a server that cannot be had, is a failure
  ANDON_KAFKA, ANDON_RABBITMQ, ANDON_POSTGRES
                  servers to use instead of starting some: npm run services -- --help`

/** @param {number} since */
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/**
 * The named steps and what they need; all of them when none is named.
 *
 * @param {readonly string[]} only
 */
function wanted(only) {
  const needed = steps.filter(({ name }) => only.includes(name)).flatMap(({ needs = [] }) => needs)
  return (/** @type {import('./lib/steps.mjs').Step} */ { name }) =>
    only.length === 0 || only.includes(name) || needed.includes(name)
}

/** @param {readonly string[]} only */
async function main(only) {
  const begun = performance.now()
  const chosen = steps.filter(wanted(only))
  for (const { begin } of chosen) {
    begin?.()
  }
  const { total, notes } = await install((line) => console.log(line))
    .then(() => takeSteps(chosen))
    .finally(async () => {
      for (const { end } of chosen) {
        await end?.()
      }
    })
  console.log(`\nAll of it took ${seconds(begun)}.\n`)
  for (const note of notes) {
    console.log(`!!! ${note}`)
  }
  console.log(tallyLine(total))
  process.exitCode = total.failed === 0 ? 0 : 1
}

/** @param {readonly import('./lib/steps.mjs').Step[]} chosen */
async function takeSteps(chosen) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  /** @type {string[]} */
  const notes = []
  /** @type {Set<string>} */
  const broken = new Set()
  for (const step of chosen) {
    const missing = step.needs?.find((name) => broken.has(name))
    if (missing !== undefined) {
      console.log(`- ${step.title}: not run, because the step "${missing}" failed`)
      total.skipped += 1
      continue
    }
    const live = process.stdout.isTTY && step.loud !== true
    process.stdout.write(`  ${step.title} …${live ? '' : '\n'}`)
    const start = performance.now()
    const { tally, output, notes: said = [] } = await step.run()
    notes.push(...said)
    const mark = tally.failed > 0 ? '✗' : tally.passed > 0 ? '✓' : '-'
    const note = mark === '-' ? ', skipped' : ''
    console.log(`${live ? '\r\x1b[2K' : ''}${mark} ${step.title} (${seconds(start)}${note})`)
    if (tally.failed > 0) {
      broken.add(step.name)
      console.log(output.trimEnd().replace(/^/gm, '    '))
    }
    total.passed += tally.passed
    total.failed += tally.failed
    total.skipped += tally.skipped
  }
  return { total, notes }
}

try {
  const { values } = parseArgs({
    options: { only: { type: 'string', multiple: true, default: [] }, help: { type: 'boolean' } },
  })
  const unknown = values.only.find((name) => !steps.some((step) => step.name === name))
  if (values.help === true) {
    console.log(help)
  } else if (unknown !== undefined) {
    console.error(`There is no step "${unknown}". Steps: ${steps.map(({ name }) => name).join(', ')}.`)
    process.exitCode = 2
  } else {
    await main(values.only)
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  console.log(`\n${tallyLine({ passed: 0, failed: 1, skipped: 0 })}`)
  process.exitCode = 1
}
