/** @typedef {import('@andon/testkit').StreamEnd} StreamEnd */

/** @type {readonly StreamEnd[]} */
const ends = ['unavailable', 'unauthenticated', 'reset', 'socket', 'half-message', 'completed']
/** @type {readonly import('@andon/testkit').SimulatorFault[]} */
const answers = ['503', '500', 'cut-before', 'cut-after', 'truncated', 'half-json', 'html-instead-of-json']

/**
 * What goes wrong. Each is done at once, or waits for the next message or request.
 *
 * @param {object} parts
 * @param {import('@andon/testkit').Salesforce} parts.salesforce
 * @param {import('./ledger.mjs').Ledger} parts.ledger
 * @param {ReturnType<typeof import('./people.mjs').peopleAtWork>} parts.people
 * @param {() => void} parts.crash
 * @param {() => number} random
 * @returns {Readonly<Record<string, () => void>>}
 */
export function troubles({ salesforce, ledger, people, crash }, random) {
  const { events } = salesforce
  const whole = (/** @type {number} */ below) => Math.floor(random() * below)
  const end = () => ends[whole(ends.length)] ?? 'reset'
  return {
    'cut now': () => events.cut(end()),
    'cut before a message': () => events.next({ kind: 'cut-before', how: end() }, 1 + whole(5)),
    'cut after a message': () => events.next({ kind: 'cut-after', how: end() }, 1 + whole(5)),
    'streams refused': () => {
      events.refuseStreams(end(), 1 + whole(3))
      events.cut('reset')
    },
    'events twice': () => events.next({ kind: 'twice' }, 1 + whole(3)),
    'events again': () => events.next({ kind: 'repeat-before', events: 1 + whole(100) }, 1 + whole(3)),
    'token expired': () => salesforce.expireTokens(),
    'schema changed': () => {
      events.failSchema(whole(3))
      events.evolveSchema()
    },
    'silent stream': () => events.silence(),
    gaps: () => {
      const count = 1 + whole(5)
      ledger.hole(
        'gaps',
        Array.from({ length: count }, () => people.gap()),
      )
    },
    overflow: () => {
      ledger.hole('overflow', people.overflow(20 + whole(200)))
    },
    'all is gone': () => {
      ledger.breach('replay ids forgotten')
      events.forgetReplayIds()
      events.cut('unavailable')
    },
    'bad answers': () => {
      for (let left = 1 + whole(3); left > 0; left -= 1) {
        salesforce.faults.next(answers[whole(answers.length)] ?? '503')
      }
    },
    crash: crash,
  }
}
