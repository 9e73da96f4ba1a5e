import type { Clock } from '@andon/core/connector'
import { field } from '../model.js'
import { withField } from '../objects.js'
import type { Author, Org } from '../org.js'
import type { People } from '../people.js'
import type { SalesforceEvents } from '../salesforce.js'
import type { BusControl } from './bus-control.js'
import type { EventLog } from './event-log.js'
import type { Publisher } from './publish.js'
import type { PubSub } from './pubsub.js'

export interface EventsParts {
  readonly org: Org
  readonly log: EventLog
  readonly publish: Publisher
  readonly control: BusControl
  readonly bus: PubSub
  readonly people: People
  readonly clock: Clock
  readonly agentId: string
  readonly soon: () => void
}

/** The event bus as a test handles it. */
export function eventsOf({
  org,
  log,
  publish,
  control,
  bus,
  people,
  clock,
  agentId,
  soon,
}: EventsParts): SalesforceEvents {
  let evolved = 0
  return {
    next: (fault, messages = 1) => control.next(fault, messages),
    get waiting() {
      return control.waiting
    },
    cut: bus.cut,
    silence: bus.silence,
    failSchema(times = 1) {
      control.schemaFailures += times
    },
    failTopic(times = 1) {
      control.topicFailures += times
    },
    refuseStreams: (how, times = 1) => control.refuseStreams(how, times),
    overflow: people.overflow,
    gap(object, changeType, recordIds) {
      const at = clock.now()
      const author: Author = { user: agentId, origin: '', stampedAt: at, at }
      publish.gap(object, changeType, recordIds, author)
      soon()
    },
    evolveSchema(object = 'Case') {
      evolved += 1
      // By its name it comes before other custom fields, whose places change.
      const name = `A_New_Field_${evolved}__c`
      org.setModel(withField(org.model(object), field(name, 'string', { custom: true })))
      return name
    },
    forgetReplayIds: log.renumber,
    get streams() {
      return bus.streams
    },
    get opened() {
      return control.openedCount
    },
    get retained() {
      return log.end - log.start
    },
    get delivered() {
      return control.delivered
    },
    get schemaCalls() {
      return control.schemaCalls
    },
    get committed() {
      return Object.fromEntries([...bus.committed].map(([name, id]) => [name, id.toString('base64')]))
    },
    subscriptions: control.openings,
  }
}
