import { salesforceCase } from '@andon/connector-salesforce'
import { silentLogger } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { sampleAction } from '@andon/testkit'

/** @type {readonly import('@andon/testkit').SimulatorFault[]} */
const answers = [
  '503',
  'cut-before',
  'cut-after',
  'error-after-work',
  'truncated',
  'half-json',
  'token-expired',
]
const mostTries = 30

/**
 * Replies to customers, each by an action that is executed until it has succeeded, by a target that is restarted now
 * and then, while answers get lost and rows are held by others.
 *
 * @param {object} parts
 * @param {import('@andon/testkit').Salesforce} parts.salesforce
 * @param {import('@andon/core/connector').Clock} parts.clock
 * @param {import('@andon/connector-salesforce').SalesforceAuth} parts.auth
 * @param {number} parts.timeoutMs
 * @param {() => number} random
 */
export function replies({ salesforce, clock, auth, timeoutMs }, random) {
  /** @type {{ text: string, done: boolean }[]} */
  const all = []
  /** @type {string[]} */
  const failures = []
  let under = 0
  let tries = 0
  const open = () => salesforceCase({ url: salesforce.url, auth, clock, timeoutMs })
  let target = open()

  /** @param {string} id of the case */
  const reply = async (id) => {
    const index = all.length + 1
    const one = { text: `Answer ${index}: we have found the cause.`, done: false }
    all.push(one)
    const action = sampleAction(index, {
      kind: 'case.update',
      target: 'salesforce',
      params: { reply: one.text },
    })
    const quoted = {
      ...action,
      quotes: action.quotes
        .slice(0, 1)
        .map((quote) => ({ ...quote, source: 'salesforce', sourceMessageId: id })),
    }
    under += 1
    for (let attempt = 1; !one.done && attempt <= mostTries; attempt += 1) {
      tries += 1
      if (random() < 0.3)
        salesforce.faults.next(answers[Math.floor(random() * answers.length)] ?? '503', { writes: true })
      if (random() < 0.2) salesforce.lockRows(1 + Math.floor(random() * 3), { object: 'CaseComment' })
      if (random() < 0.1) {
        const before = target
        target = open()
        await before.close()
      }
      const context = { attempt, signal: new AbortController().signal, clock, logger: silentLogger }
      const mine = target
      try {
        await mine.execute(quoted, context)
        one.done = true
      } catch (error) {
        // One that was closed meanwhile refuses, and one whose new session was turned away as well; people start it again.
        const again = mine !== target || /HTTP 401/.test(String(error))
        if (!again && (!isAndonError(error) || !error.retryable))
          failures.push(`${one.text} ${String(error)}`)
      }
    }
    under -= 1
  }

  return {
    /** @param {string} id of the case */
    reply: (id) => void reply(id).catch((error) => failures.push(String(error))),
    get under() {
      return under
    },
    async stop() {
      await target.close()
    },
    /** How often each was written; wrong is what a customer has not read exactly once. */
    outcome() {
      const bodies = salesforce.records('CaseComment').map(({ CommentBody }) => String(CommentBody))
      const wrong = all.flatMap(({ text, done }) => {
        const written = bodies.filter((body) => body.includes(text)).length
        return done && written === 1 ? [] : [`${text} ${written} times`]
      })
      return { replies: all.length, tries, wrong: [...wrong, ...failures].slice(0, 10) }
    },
  }
}
