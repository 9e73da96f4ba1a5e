import { seeded } from '../random.mjs'

/**
 * @typedef {object} Trouble what goes wrong in one run
 * @property {readonly string[]} kinds
 * @property {readonly Life[]} lives those that end badly; one more follows, until all is done
 * @property {boolean} twice targets are called twice at once now and then
 * @property {boolean} again payloads are sent again, in the same life and in a later one
 */

/**
 * @typedef {object} Life of the process
 * @property {'ready' | 'begun'} from from when its end is counted: it answers, or it was just begun
 * @property {number} killMs real time until SIGKILL; on a full disk it begins when that is noticed
 * @property {number | undefined} roomBytes no file may grow beyond it; undefined: the disk is not full
 * @property {readonly Jump[]} jumps
 */

/**
 * @typedef {object} Jump of the loop's clock
 * @property {number} afterMs real time after the process was begun; 0: while it was down
 * @property {number} byMs
 */

export const troubles = /** @type {const} */ ([
  ...['kill', 'down', 'slow', '5xx', 'timeout-after', 'lost-answer', 'rate-limit'],
  ...['payload-again', 'call-twice', 'clock-jump', 'disk-full'],
])

/** @param {number} low @param {number} high @param {() => number} random */
const between = (low, high, random) => low + random() * (high - low)

/**
 * A random mixture; each kind in most of the runs.
 *
 * @param {number} seed
 * @returns {Trouble}
 */
export function troubleOf(seed) {
  const random = seeded(seed ^ 0x7c0b)
  const kinds = troubles.filter(() => random() < 0.55)
  const jumps = () =>
    Array.from({ length: kinds.includes('clock-jump') ? Math.floor(random() * 3) : 0 }, () => ({
      afterMs: random() < 0.3 ? 0 : between(0, 2500, random),
      // From five minutes to ten hours, as often back as forwards.
      byMs: Math.round((random() < 0.5 ? -1 : 1) * 300_000 * 120 ** random()),
    }))
  const kills = kinds.includes('kill') ? 1 + Math.floor(random() * 3) : 0
  /** @type {Life[]} */
  const lives = Array.from({ length: kills }, () => {
    const from = random() < 0.25 ? 'begun' : 'ready'
    const killMs = between(0, from === 'begun' ? 700 : 900, random)
    return { from, killMs, roomBytes: undefined, jumps: jumps() }
  })
  if (kinds.includes('disk-full')) {
    const full = { from: /** @type {const} */ ('ready'), killMs: between(200, 900, random), jumps: jumps() }
    const roomBytes = Math.floor(between(150_000, 700_000, random))
    lives.splice(Math.floor(random() * (lives.length + 1)), 0, { ...full, roomBytes })
  }
  lives.push({ from: 'ready', killMs: Number.POSITIVE_INFINITY, roomBytes: undefined, jumps: jumps() })
  return {
    ...{ kinds, lives },
    again: kinds.includes('payload-again'),
    twice: kinds.includes('call-twice'),
  }
}

/** A quiet day. @returns {Trouble} */
export const noTrouble = () => ({
  ...{ kinds: [], again: false, twice: false },
  lives: [{ from: 'ready', killMs: Number.POSITIVE_INFINITY, roomBytes: undefined, jumps: [] }],
})

/**
 * The plant's next bad while: its faults, and how long they last in real time (ms).
 *
 * @param {readonly string[]} kinds
 * @param {() => number} random
 * @returns {{ faults: import('@andon/testkit').PlantFaults, lasts: number }}
 */
export function weather(kinds, random) {
  const has = (/** @type {string} */ kind, share = 0.5) => kinds.includes(kind) && random() < share
  const down = has('down', 0.25)
  const rate = () => between(0.05, 0.25, random)
  return {
    // Longer than a lease now and then: whoever waits meanwhile is leased again.
    lasts: between(100, down ? 1500 : 400, random),
    faults: {
      down,
      latencyMs: [0, 10],
      ...(has('slow') && { slow: { share: 0.3, latencyMs: /** @type {[number, number]} */ ([20, 400]) } }),
      ...(has('rate-limit', 0.3) && { requestsPerSecond: 1 + Math.floor(random() * 20) }),
      rates: {
        ...(has('5xx') && { 'error-before': rate() }),
        ...(has('timeout-after') && { 'timeout-after': rate() }),
        ...(has('lost-answer') && { 'lost-answer': rate() }),
        ...(has('rate-limit') && { 'rate-limit': rate() }),
      },
      on: random() < 0.3 ? 'all' : 'writes',
    },
  }
}
