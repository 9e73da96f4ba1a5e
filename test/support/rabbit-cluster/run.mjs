import { seeded } from '../random.mjs'
import { startRabbitCluster } from './cluster.mjs'
import { startTraffic } from './traffic.mjs'

/**
 * @typedef {object} ClusterOptions
 * @property {number} seed which nodes are killed, and when
 * @property {number} [seconds] of kills, and until each node was killed; default 0: each once
 * @property {number} [everyMs] the longest pause before a kill; default 3,000
 * @property {number} [paceMs] between two batches of 100 messages: the nodes need the machine, too; default 20
 * @property {number} [patienceMs] for traffic to go on while a node is down, and for everything to be well in the end;
 *   default 60,000
 * @property {(line: string) => void} [say]
 *
 * @typedef {object} ClusterRun
 * @property {number} seed
 * @property {readonly string[]} problems none: all is well
 * @property {readonly number[]} kills how often each node was killed
 * @property {number} confirmed messages
 * @property {number} lost of them
 * @property {number} outOfOrder
 * @property {number} duplicates which are allowed: at least once
 * @property {number} longestPublishMs
 * @property {readonly number[]} division how many keys each consumer had in the end
 * @property {number} seconds
 */

/** So many messages go both ways while a node is down. */
const progress = 500

/**
 * A real cluster of three nodes, one of which at a time is killed (SIGKILL) and started again, under traffic: what was
 * confirmed arrives, keys keep their order, no publication fails, and with all nodes the consumers share the work.
 *
 * @param {ClusterOptions} options
 * @returns {Promise<ClusterRun>}
 */
export async function runCluster(options) {
  const { seed, seconds = 0, everyMs = 3000, paceMs = 20, patienceMs = 60_000 } = options
  const { say = () => undefined } = options
  const begun = performance.now()
  const cluster = await startRabbitCluster()
  try {
    say('three nodes are one cluster')
    const traffic = startTraffic(cluster.urls, `cluster${seed}`, paceMs)
    try {
      const { ledger, failures } = traffic
      const problems = /** @type {string[]} */ ([])
      const expected = async (/** @type {string} */ what, /** @type {() => boolean} */ holds) => {
        if (!(await becomes(holds, patienceMs))) problems.push(`not within ${patienceMs} ms: ${what}`)
      }
      await expected('shards divided in the beginning', () => traffic.isDivided())
      const kills = cluster.urls.map(() => 0)
      const random = seeded(seed)
      const end = performance.now() + seconds * 1000
      for (const node of victims(random, kills.length)) {
        await wait(random() * everyMs)
        const before = { confirmed: ledger.confirmed, delivered: ledger.delivered }
        await cluster.kill(node)
        kills[node] = (kills[node] ?? 0) + 1
        await traffic.publishAfresh()
        await expected(`publishing and reading while node ${node} is down`, () =>
          [ledger.confirmed - before.confirmed, ledger.delivered - before.delivered].every(
            (count) => count >= progress,
          ),
        )
        await cluster.start(node)
        ledger.forgetOwners()
        await expected(`shards divided after node ${node} is back`, () => traffic.isDivided())
        say(
          `kill ${sum(kills)}: all went on without node ${node}, and it is back; ${ledger.confirmed} confirmed`,
        )
        if (problems.length > 0 || (!kills.includes(0) && performance.now() > end)) break
      }
      const division = traffic.division()
      await traffic.stopPublishing()
      await becomes(() => ledger.missing.length === 0, patienceMs)
      const { confirmed, missing, outOfOrder, duplicates } = ledger
      return {
        seed,
        problems: [
          ...problems,
          ...some('failed', failures),
          ...some('lost', missing),
          ...some('out of order', outOfOrder),
        ],
        ...{ kills, confirmed, lost: missing.length, outOfOrder: outOfOrder.length, duplicates },
        ...{ longestPublishMs: traffic.longestMs, division },
        seconds: Math.round((performance.now() - begun) / 1000),
      }
    } finally {
      await traffic.close()
    }
  } finally {
    await cluster.close()
  }
}

/** Each node once first, in any order, so that none is left out; then any. @param {() => number} random @param {number} size */
function* victims(random, size) {
  const left = Array.from({ length: size }, (_, node) => node)
  while (left.length > 0) yield* left.splice(Math.floor(random() * left.length), 1)
  for (;;) yield Math.floor(random() * size)
}

/** @param {() => boolean} holds @param {number} patienceMs */
async function becomes(holds, patienceMs) {
  for (const end = performance.now() + patienceMs; !holds(); await wait(50)) {
    if (performance.now() > end) return false
  }
  return true
}

/** The first of them, a line each. @param {string} what @param {readonly string[]} which */
const some = (what, which) => [
  ...which.slice(0, 5).map((one) => `${what}: ${one}`),
  ...(which.length > 5 ? [`${what}: and ${which.length - 5} more`] : []),
]

const sum = (/** @type {readonly number[]} */ numbers) => numbers.reduce((total, number) => total + number, 0)

const wait = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
