import { dayMeter } from '../day-meter.js'
import type { CheckedSalesforceOptions } from '../options.js'
import type { StreamEnd } from '../salesforce.js'
import type { BusControl } from './bus-control.js'
import type { EventLog } from './event-log.js'
import { type GrpcCall, type GrpcHandler, startGrpc } from './grpc-server.js'
import { type DecodedMessage, decodeMessage, encodeMessage } from './protobuf.js'
import { streamHandler } from './stream.js'
import { endCall, refusals } from './stream-ends.js'
import type { Subscription, SubscriptionBus } from './subscription.js'
import type { Topics } from './topics.js'

export interface PubSubParts {
  readonly options: CheckedSalesforceOptions
  readonly log: EventLog
  readonly topics: Topics
  readonly control: BusControl
  readonly orgId: string
  readonly instanceUrl: () => string
  readonly admits: (token: string) => boolean
  readonly random: () => number
}

export interface PubSub {
  readonly port: number
  /** Sends what was appended to the log. */
  pumpAll(): void
  cut(how: StreamEnd): void
  silence(): void
  /** Streams whose token does not hold any more end. */
  checkTokens(): void
  readonly streams: number
  /** Committed replay ids by developer name. */
  readonly committed: ReadonlyMap<string, Buffer>
  close(): Promise<void>
}

/** The token of a call, when its three headers are right. */
function tokenOf({ metadata }: GrpcCall, { orgId, instanceUrl, admits }: PubSubParts): string | undefined {
  const { accesstoken: token, instanceurl: url, tenantid: tenant } = metadata
  if (typeof token !== 'string' || typeof url !== 'string' || typeof tenant !== 'string') return undefined
  const rightTenant = tenant === orgId || tenant === orgId.slice(0, 15)
  return rightTenant && url.replace(/\/$/, '') === instanceUrl() && admits(token) ? token : undefined
}

/** Hands on the message, or ends the call where it is none. */
const reading =
  (call: GrpcCall, take: (message: DecodedMessage) => void) =>
  (bytes: Buffer): void => {
    try {
      take(decodeMessage(bytes))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      call.end(refusals.badRequest)
    }
  }

/** The gRPC service `eventbus.v1.PubSub`: topics, schemas and streams of events. Publishing is not part of it. */
export async function startPubSub(parts: PubSubParts): Promise<PubSub> {
  const { options, log, topics, control, orgId } = parts
  const { clock, keepaliveMs, idleMs, eventsPerMessage, deliveriesPerDay } = options
  const live = new Map<Subscription, GrpcCall>()
  const committed = new Map<string, Buffer>()
  const meter = dayMeter()

  const bus: SubscriptionBus = {
    ...{ clock, log, keepaliveMs, idleMs },
    batchSize: () => (eventsPerMessage === 'mixed' ? 1 + Math.floor(parts.random() * 100) : eventsPerMessage),
    meet: () => control.meet(),
    deliver(events) {
      control.delivered += events
      meter.add(clock.now(), events)
      return deliveriesPerDay === undefined || meter.within(clock.now()) <= deliveriesPerDay
    },
  }

  const getTopic = (call: GrpcCall, message: DecodedMessage): void => {
    const name = message.text(1)
    const topic = topics.find(name)
    if (control.topicFailures > 0) {
      control.topicFailures -= 1
      call.end(refusals.unavailable)
      return
    }
    if (topic === undefined) {
      call.end(refusals.noTopic)
      return
    }
    const info = [
      [1, name],
      [2, orgId],
      [4, true],
      [5, topic.schemaId],
      [6, 'rpc'],
    ] as const
    call.send(encodeMessage(info))
    call.end({ code: 0 })
  }

  const getSchema = (call: GrpcCall, message: DecodedMessage): void => {
    control.schemaCalls += 1
    if (control.schemaFailures > 0) {
      control.schemaFailures -= 1
      call.end(refusals.unavailable)
      return
    }
    const id = message.text(1)
    const json = topics.schemaJson(id)
    if (json === undefined) {
      call.end(refusals.noSchema)
      return
    }
    call.send(
      encodeMessage([
        [1, json],
        [2, id],
        [3, 'rpc'],
      ]),
    )
    call.end({ code: 0 })
  }

  const open = (path: string, call: GrpcCall): GrpcHandler | undefined => {
    const method = path.replace('/eventbus.v1.PubSub/', '')
    const streams = method === 'Subscribe' || method === 'ManagedSubscribe'
    if (!streams && method !== 'GetTopic' && method !== 'GetSchema') return undefined
    const token = tokenOf(call, parts)
    if (token === undefined) {
      call.end(refusals.unauthenticated)
      return { message: () => undefined, closed: () => undefined }
    }
    if (!streams) {
      const answer = method === 'GetTopic' ? getTopic : getSchema
      return { message: reading(call, (message) => answer(call, message)), closed: () => undefined }
    }
    const refusal = control.refusal()
    if (refusal !== undefined) endCall(call, refusal)
    const stream = streamHandler(
      { ...parts, bus, committed, live },
      call,
      token,
      method === 'ManagedSubscribe',
    )
    return { message: reading(call, stream.message), closed: stream.closed }
  }

  const server = await startGrpc(options.pubSubPort, open)
  return {
    port: server.port,
    pumpAll() {
      for (const one of live.keys()) one.pump()
    },
    cut(how) {
      for (const call of live.values()) endCall(call, how)
    },
    silence() {
      for (const one of live.keys()) one.silence()
    },
    checkTokens() {
      for (const [one, call] of live) if (!parts.admits(one.token)) call.end(refusals.unauthenticated)
    },
    get streams() {
      return live.size
    },
    committed,
    close: () => server.close(),
  }
}
