import type { CheckedSalesforceOptions } from '../options.js'
import type { BusControl } from './bus-control.js'
import type { EventLog } from './event-log.js'
import type { GrpcCall, GrpcStatus } from './grpc-server.js'
import { type DecodedMessage, decodeMessage, encodeMessage } from './protobuf.js'
import { refusals } from './stream-ends.js'
import { type Subscription, type SubscriptionBus, subscription } from './subscription.js'
import type { Topics } from './topics.js'

export interface StreamParts {
  readonly options: CheckedSalesforceOptions
  readonly log: EventLog
  readonly topics: Topics
  readonly control: BusControl
  readonly admits: (token: string) => boolean
  readonly bus: SubscriptionBus
  readonly committed: Map<string, Buffer>
  readonly live: Map<Subscription, GrpcCall>
}

const presets = ['LATEST', 'EARLIEST', 'CUSTOM'] as const

/** Where a stream begins, or why it does not. */
function startOf(
  { log, options }: StreamParts,
  preset: (typeof presets)[number],
  replayId: Buffer | undefined,
): number | GrpcStatus {
  log.expire(options.clock.now() - options.retentionMs)
  if (preset === 'LATEST') return log.end
  if (preset === 'EARLIEST') return log.start
  const after = log.after(replayId ?? Buffer.alloc(0))
  if (after === 'corrupted') return refusals.corrupted
  if (after !== 'unknown') return after
  return options.expiredReplay === 'silent' ? log.start : refusals.unknownReplayId
}

/** The messages of a client on one Subscribe or ManagedSubscribe; the first opens the subscription. */
export function streamHandler(parts: StreamParts, call: GrpcCall, token: string, managed: boolean) {
  const { control, log, options, topics, live, committed } = parts
  let own: Subscription | undefined
  let developerName = ''

  const opening = (
    topic: string,
    preset: (typeof presets)[number] | 'managed',
    replayId: Buffer | undefined,
  ) =>
    control.opened({ topic, preset, replayId: replayId?.toString('base64') ?? '', at: options.clock.now() })

  const openAt = (topicName: string, start: number | GrpcStatus): void => {
    const topic = topics.find(topicName)
    if (topic === undefined) call.end(refusals.noTopic)
    else if (typeof start !== 'number') call.end(start)
    else {
      own = subscription(parts.bus, call, token, start, topic.wants)
      live.set(own, call)
    }
  }

  const openSubscribe = (message: DecodedMessage): void => {
    const preset = presets[message.int(2)] ?? 'LATEST'
    opening(message.text(1), preset, message.bytes(3))
    openAt(message.text(1), startOf(parts, preset, message.bytes(3)))
  }

  const openManaged = (message: DecodedMessage): void => {
    developerName = message.text(2)
    const setup = options.managed[developerName]
    if (setup === undefined) {
      call.end(refusals.noTopic)
      return
    }
    const replayId = committed.get(developerName)
    opening(developerName, 'managed', replayId)
    const found = replayId === undefined ? 'unknown' : startOf(parts, 'CUSTOM', replayId)
    // What it has committed is not retained any more: it goes on as it is set up.
    openAt(setup.topic, typeof found === 'number' ? found : startOf(parts, setup.start, undefined))
    // Where it stands is remembered from now on, also before its first commit.
    if (replayId === undefined && setup.start === 'LATEST') committed.set(developerName, log.latest)
  }

  const commit = (bytes: Buffer): void => {
    const request = decodeMessage(bytes)
    const replayId = Buffer.from(request.bytes(2) ?? Buffer.alloc(0))
    const known = typeof log.after(replayId) === 'number'
    if (known) committed.set(developerName, replayId)
    own?.answer(
      encodeMessage([
        [1, request.text(1)],
        [2, replayId],
        ...(known
          ? []
          : [
              [
                3,
                encodeMessage([
                  [1, 5],
                  [2, 'the replay id is not valid'],
                ]),
              ] as const,
            ]),
        [4, options.clock.now()],
      ]),
    )
  }

  return {
    message(message: DecodedMessage): void {
      if (!call.open) return
      const first = own === undefined
      if (first) {
        if (managed) openManaged(message)
        else openSubscribe(message)
      }
      if (own === undefined) return
      const refreshed = message.text(managed ? 4 : 5)
      if (refreshed !== '') {
        if (!parts.admits(refreshed)) call.end(refusals.unauthenticated)
        own.token = refreshed
      }
      const commitRequest = managed ? message.bytes(5) : undefined
      if (commitRequest !== undefined) commit(commitRequest)
      const count = message.int(managed ? 3 : 4)
      if (count > 0) own.request(count)
      else if (count < 0 || commitRequest === undefined) call.end(refusals.badCount)
    },
    closed(): void {
      // A client that has said all it had to say wants no more.
      call.end({ code: 0 })
      if (own === undefined) return
      own.close()
      live.delete(own)
    },
  }
}
