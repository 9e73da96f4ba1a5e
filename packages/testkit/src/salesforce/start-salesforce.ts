import { checkedOptions } from '../options.js'
import { seededRandom } from '../random.js'
import { headerOf, type SimulatorRequest } from '../simulator/exchange.js'
import { startSimulator } from '../simulator/start-simulator.js'
import { dayMeter } from './day-meter.js'
import { busControl } from './events/bus-control.js'
import { eventLog } from './events/event-log.js'
import { eventsOf } from './events/events-face.js'
import { publisher, type Telling } from './events/publish.js'
import { type PubSub, startPubSub } from './events/pubsub.js'
import { createTopics } from './events/topics.js'
import { idOf } from './ids.js'
import { objectsOf } from './objects.js'
import { type SalesforceOptions, salesforceSchema } from './options.js'
import { type Author, createOrg, type Writer } from './org.js'
import { peopleOf } from './people.js'
import type { SalesforceChange } from './record.js'
import { basePathOf } from './rest/rest-context.js'
import { restSystem } from './rest/rest-system.js'
import { rowLocks } from './row-locks.js'
import type { Salesforce } from './salesforce.js'
import { tokenServer } from './tokens.js'

/**
 * Starts a Salesforce org on the loopback interface: OAuth, the REST and Bulk query APIs over HTTP, the Pub/Sub API
 * over gRPC without TLS. It checks what it is given as the real one does (fields, types, lengths, picklists, SOQL,
 * limits) and keeps its time by the clock.
 *
 * @throws AndonError OPTIONS_INVALID for a wrong option, or a port that is taken
 * @example
 * const salesforce = await startSalesforce({ fields: { Case: { Lot__c: { length: 40 } } } })
 * const id = salesforce.create('Case', { Subject: 'It leaks', Origin: 'Phone', Lot__c: 'L-7' })
 */
export async function startSalesforce(given: SalesforceOptions = {}): Promise<Salesforce> {
  const options = checkedOptions(salesforceSchema, given)
  const { clock, seed, username, changeLog } = options
  const random = seededRandom(seed)
  const orgId = idOf('00D', 1)
  const locks = rowLocks()
  const changes: SalesforceChange[] = []
  let telling: Telling = 'events'
  let integrationUserId = ''

  let bus: PubSub | undefined
  let pumping = false
  // Events are sent when the transactions of this turn are all committed, many of them in one message.
  const pumpSoon = (): void => {
    if (pumping) return
    pumping = true
    setImmediate(() => {
      pumping = false
      log.expire(clock.now() - options.retentionMs)
      bus?.pumpAll()
    })
  }

  const org = createOrg(objectsOf(options), {
    // The people of the company hold the rows themselves.
    guard: (object, id, { user }) => {
      if (user === integrationUserId) locks.guard(object, id)
    },
    committed(done, author) {
      for (const { object, id, type, fields, origin, user, at } of done) {
        changes.push({ object, id, type, fields, origin, user, at })
      }
      if (changes.length > changeLog) changes.splice(0, changes.length - changeLog)
      publish.publish(done, author, telling)
      pumpSoon()
    },
  })
  const log = eventLog(options.retainedEvents, () => 1 + Math.floor(random() * 50))
  const topics = createTopics(org, options)
  const publish = publisher(log, topics)
  const control = busControl()

  const founded: Author = { user: '', origin: '', stampedAt: clock.now(), at: clock.now() }
  const users: string[] = []
  org.transaction(founded, (writer) => {
    for (const Username of ['agent@example.com', username]) {
      users.push(writer.create('User', { Name: Username.replace(/@.*/, ''), Username, Email: Username }))
    }
  })
  const [agentId = ''] = users
  integrationUserId = users[1] ?? ''

  const commit = (author: Author, how: Telling, work: (writer: Writer) => void): void => {
    telling = how
    try {
      org.transaction(author, work)
    } finally {
      telling = 'events'
    }
  }
  const people = peopleOf(org, { clock, agentId }, commit)

  const authorOf = (request: SimulatorRequest): Author => {
    const [, client = ''] = /client=([^,;]+)/i.exec(headerOf(request, 'sforce-call-options') ?? '') ?? []
    const version = basePathOf(request).split('/v').at(-1) ?? ''
    const assigns = headerOf(request, 'sforce-auto-assign')?.toUpperCase() !== 'FALSE'
    return {
      user: integrationUserId,
      origin: `com/salesforce/api/rest/${version}${client === '' ? '' : `;client=${client}`}`,
      ...{ stampedAt: request.at, at: request.at },
      ...(assigns ? { assignedOwnerId: options.assignedOwnerId } : {}),
    }
  }

  let url = ''
  const instanceUrl = (): string => url
  const tokens = tokenServer({ options, instanceUrl, identity: `/id/${orgId}/${integrationUserId}` })
  const calls = dayMeter()
  const context = { org, options, authorOf }
  const tokensEnded = (): void => bus?.checkTokens()
  const { port, faults, requestLog, echo } = options
  const http = await startSimulator(restSystem(context, { tokens, calls, tokensEnded }), {
    ...{ port, seed, clock, requestLog, echo },
    ...(faults === undefined ? {} : { faults }),
  })
  url = http.url
  const pubsub = await startPubSub({
    ...{ options, log, topics, control, orgId, instanceUrl, random },
    admits: tokens.admits,
  })
  bus = pubsub

  return {
    ...people,
    url,
    port: http.port,
    faults: http.faults,
    requests: http.requests,
    get requestCount() {
      return http.requestCount
    },
    pubSubEndpoint: `127.0.0.1:${pubsub.port}`,
    ...{ orgId, integrationUserId, changes },
    events: eventsOf({ org, log, publish, control, bus: pubsub, people, clock, agentId, soon: pumpSoon }),
    expireTokens() {
      tokens.expireAll()
      tokensEnded()
    },
    refuseTokens(on) {
      tokens.refuse(on)
      tokensEnded()
    },
    lockRows: (times, of = {}) => locks.lock(times, of),
    useApiCalls: (count) => calls.add(clock.now(), count),
    get apiCalls() {
      return calls.within(clock.now())
    },
    record(object, id) {
      const row = org.row(object, id)
      return row === undefined ? undefined : { ...row }
    },
    records: (object) =>
      [...org.rows(object)].filter((row) => row.IsDeleted !== true).map((row) => ({ ...row })),
    tokens: tokens.issued,
    async close() {
      await Promise.all([http.close(), pubsub.close()])
    },
  }
}
