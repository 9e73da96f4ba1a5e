import { inRoot } from './root.mjs'
import { stopWhenThisProcessEnds } from './services/guard.mjs'
import { serviceNames } from './services/names.mjs'
import { ServicesFailed, services } from './services.mjs'

/**
 * The step of `npm test` that brings the servers up. It begins while the rest is installed and built, and in the end
 * stops what it has started itself.
 *
 * @param {import('./services.mjs').ServicesOptions} [options]
 * @returns {import('./steps.mjs').Step}
 */
export function serversStep({ folder = inRoot('.services'), ...options } = {}) {
  let show = false
  /** @type {string[]} */
  const held = []
  const set = services({
    ...options,
    folder,
    report: (line) => (show ? console.log(`    ${line}`) : held.push(line)),
  })
  /** @type {Promise<unknown> | undefined} what went wrong, if anything */
  let coming
  let unguard = () => {}

  async function bringUp() {
    const before = await set.status()
    const missing = serviceNames.filter((name) => ['down', 'ended'].includes(before.get(name)?.state ?? ''))
    if (missing.length > 0) {
      unguard = stopWhenThisProcessEnds(folder, missing)
    }
    await set.up()
  }

  function begin() {
    coming ??= bringUp().then(
      () => undefined,
      (error) => error,
    )
  }

  return {
    name: 'servers',
    title: 'Kafka, RabbitMQ and PostgreSQL',
    loud: true,
    begin,
    async run() {
      begin()
      show = true
      for (const line of held) {
        console.log(`    ${line}`)
      }
      return outcome(await coming)
    },
    async end() {
      await coming
      await set.down([...set.startedHere], { purge: true })
      unguard()
    },
  }
}

/**
 * Where a server cannot be had, its tests are skipped, and the end says so; CI has to have them all. Anything else that
 * went wrong is a failure.
 *
 * @param {unknown} problem
 * @param {boolean} [isCi]
 * @returns {import('./steps.mjs').StepResult}
 */
export function outcome(problem, isCi = process.env.CI === 'true') {
  if (problem === undefined) {
    return { tally: { passed: 1, failed: 0, skipped: 0 }, output: '' }
  }
  const output = problem instanceof Error ? problem.message : String(problem)
  if (isCi || !(problem instanceof ServicesFailed) || !problem.unavailable) {
    return { tally: { passed: 0, failed: 1, skipped: 0 }, output }
  }
  const missing = [...problem.failures.keys()].join(', ')
  return {
    tally: { passed: 0, failed: 0, skipped: 1 },
    output,
    notes: [`NOT TESTED: everything that needs ${missing}. Why:`, ...output.split('\n')],
  }
}
