import { salesforceCases } from '@andon/connector-salesforce'
import { startSalesforce } from '@andon/testkit'
import { seeded } from '../random.mjs'
import { crashingEngine } from './engine.mjs'
import { fastClock } from './fast-clock.mjs'
import { Ledger } from './ledger.mjs'
import { peopleAtWork } from './people.mjs'
import { replies } from './replies.mjs'
import { troubles } from './trouble.mjs'

/**
 * @typedef {object} SalesforceRun
 * @property {number} seed
 * @property {number} states of cases, that were made
 * @property {number} cases
 * @property {number} payloads that became durable
 * @property {number} repeats of a state, a comment or an e-mail that had come before
 * @property {number} ahead payloads that show a state before the event that tells it
 * @property {Readonly<Record<string, number>>} excused states that nobody could have, proved one by one, by what took their
 * events
 * @property {readonly string[]} missing the first of what never came
 * @property {readonly string[]} disorders the first states that came after later ones of their case
 * @property {readonly string[]} strangers payloads of what never was
 * @property {number} replies to customers that were asked for
 * @property {number} tries of them
 * @property {readonly string[]} wrong the first replies that were not written exactly once
 * @property {Readonly<Record<string, number>>} troubles how often each was
 * @property {number} stops of the source for good, after which it was started again
 * @property {number} streams
 * @property {number} requests
 * @property {number} seconds
 */

/** Of the wall's clock (ms). */
const [keepalive, silence, poll, timeout, settle] = [800, 2_000, 1_200, 1_200, 500]
/** Changes that may be under way. */
const mostOpen = 2_000

/** Of the turns of some 20 changes, so many ask for a reply. */
const repliesPerTurn = 0.1
const mostReplies = 5

const pause = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/**
 * People change cases in a simulated org, something goes wrong about every `everyChanges` changes, and an engine reads it
 * all, crashing now and then. In the end every state of every case has come, in the order of its case.
 *
 * @param {object} options
 * @param {number} options.seed
 * @param {number} options.changes how many
 * @param {number} [options.everyChanges] between two troubles; default 1,000
 * @param {number} [options.speed] of the org's clock, as the org stamps whole seconds; default 50
 * @param {number} [options.rareSilence] of so many silent streams that are drawn one is done: each takes seconds; default 4
 * @param {number} [options.patienceSeconds] for what is still under way; default 60
 * @param {(line: string) => void} [options.say]
 * @returns {Promise<SalesforceRun>}
 */
export async function runSalesforce({
  seed,
  changes,
  everyChanges = 1_000,
  speed = 50,
  rareSilence = 4,
  patienceSeconds = 60,
  say = () => undefined,
}) {
  const begun = performance.now()
  const random = seeded(seed)
  const clock = fastClock(speed)
  const salesforce = await startSalesforce({
    ...{
      seed,
      clock,
      keepaliveMs: keepalive * speed,
      eventsPerMessage: 'mixed',
      requestLog: 50,
      changeLog: 0,
    },
    fields: { Case: { Lot__c: { length: 40 } } },
  })
  const ledger = new Ledger()
  const people = peopleAtWork(salesforce, ledger, random)
  const auth = /** @type {const} */ ({
    kind: 'client-credentials',
    clientId: 'andon-client',
    clientSecret: 'andon-secret',
  })
  const answering = replies({ salesforce, clock, auth, timeoutMs: timeout * speed }, seeded(seed + 1))
  const open = () =>
    salesforceCases({
      ...{ url: salesforce.url, auth },
      ...{
        endpoint: `http://${salesforce.pubSubEndpoint}`,
        clock,
        silenceMs: silence * speed,
        pollMs: poll * speed,
        timeoutMs: timeout * speed,
        settleMs: settle * speed,
      },
      also: ['Lot__c'],
    })
  // What is there before is read by queries: of each case its latest state.
  for (let count = 0; count < Math.min(500, changes / 10); count += 1) people.change()
  const customers = Array.from({ length: 20 }, () => people.customer())
  ledger.breach('snapshot')
  const engine = crashingEngine({
    open,
    durable: (payload) => ledger.arrived(payload),
    reached: (position) => ledger.reached(position),
    random,
  })
  /** @type {unknown} */
  let failure
  engine.running.catch((error) => {
    failure = error
  })
  const all = troubles({ salesforce, ledger, people, crash: () => engine.crash() }, random)
  const kinds = Object.keys(all)
  /** @type {Record<string, number>} */
  const done = Object.fromEntries(kinds.map((kind) => [kind, 0]))
  let silences = 0
  let nextTrouble = everyChanges / 2

  const trouble = () => {
    const kind = kinds[Math.floor(random() * kinds.length)] ?? 'cut now'
    if (kind === 'silent stream' && silences++ % rareSilence !== 0) return
    done[kind] = (done[kind] ?? 0) + 1
    all[kind]?.()
  }
  /** @param {() => boolean} met @param {number} seconds */
  const until = async (met, seconds) => {
    const end = performance.now() + seconds * 1000
    while (!met() && failure === undefined && performance.now() < end) {
      await pause(5)
    }
  }

  try {
    let told = 0
    while (ledger.number < changes && failure === undefined) {
      const most = ledger.inHole ? mostOpen / 8 : mostOpen
      if (ledger.open > most) await until(() => ledger.open <= most / 2, patienceSeconds)
      if (ledger.open > most) break
      for (let left = 1 + Math.floor(random() * 40); left > 0; left -= 1) people.change()
      if (ledger.number >= nextTrouble) {
        nextTrouble = ledger.number + everyChanges * (0.5 + random())
        trouble()
      }
      if (random() < repliesPerTurn && answering.under < mostReplies)
        answering.reply(customers[Math.floor(random() * customers.length)] ?? '')
      if (ledger.number - told >= changes / 20) {
        told = ledger.number
        say(
          `${ledger.number} of ${changes} changes, ${ledger.open} open, ${Object.values(done).reduce((a, b) => a + b, 0)} troubles`,
        )
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    const hangersCame = () => [...ledger.hangers.values()].every((came) => came)
    const deletionsCame = () =>
      [...ledger.cases.values()].every((life) => !life.deleted || life.deletionArrived)
    await until(
      () => answering.under === 0 && ledger.open === 0 && hangersCame() && deletionsCame(),
      patienceSeconds,
    )
    if (failure !== undefined) throw failure
    await engine.stop()
    await answering.stop()
  } finally {
    await salesforce.close()
  }
  const { missing, excused, disorders, strangers } = ledger.findings()
  return {
    ...{
      seed,
      states: ledger.made,
      cases: ledger.cases.size,
      payloads: ledger.payloads,
      repeats: ledger.repeats,
    },
    ahead: ledger.ahead,
    ...{
      excused,
      missing,
      disorders,
      strangers,
      ...answering.outcome(),
      stops: engine.stops,
      troubles: done,
    },
    ...{ streams: salesforce.events.opened, requests: salesforce.requestCount },
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  }
}
