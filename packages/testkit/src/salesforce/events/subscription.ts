import type { Clock } from '@andon/core/connector'
import type { MessageFault } from '../salesforce.js'
import type { EventLog, LoggedEvent } from './event-log.js'
import type { GrpcCall } from './grpc-server.js'
import { encodeMessage, type WireValue } from './protobuf.js'
import { endCall, refusals } from './stream-ends.js'

const mostPending = 100

export interface SubscriptionBus {
  readonly clock: Clock
  readonly log: EventLog
  readonly keepaliveMs: number
  readonly idleMs: number
  /** How many events the next message has at most. */
  batchSize(): number
  /** The fault of the next message with events, if it meets one. */
  meet(): MessageFault | undefined
  /** Counts events as delivered; false when the delivery allocation is used up. */
  deliver(events: number): boolean
}

export interface Subscription {
  /** The token that the stream lives by. */
  token: string
  /** Asks for more events. */
  request(count: number): void
  /** Sends what can be sent. */
  pump(): void
  /** An answer to a commit, of a managed subscription. */
  answer(commitResponse: Buffer): void
  /** The newest replay id that was sent as an event's own. */
  readonly sent: Buffer | undefined
  silence(): void
  close(): void
}

/** One stream of events, from `cursor` on, of the objects that `wants` says. */
export function subscription(
  bus: SubscriptionBus,
  call: GrpcCall,
  token: string,
  start: number,
  wants: (object: string) => boolean,
): Subscription {
  const { clock, log } = bus
  let cursor = start
  let pending = 0
  let silent = false
  let waiting = false
  let sent: Buffer | undefined
  let cancelKeepalive: () => void = () => undefined
  let cancelIdle: () => void = () => undefined

  /** Up to where this stream was told; at the end of the log the newest id, an event's of whatever object. */
  const reached = (): Buffer => {
    if (cursor >= log.end) return log.latest
    return (cursor > log.start ? log.from(cursor - 1)?.replayId : undefined) ?? sent ?? Buffer.alloc(0)
  }
  const fetchResponse = (
    events: readonly LoggedEvent[],
    more: readonly (readonly [number, WireValue])[] = [],
  ) =>
    encodeMessage([
      ...events.map(
        ({ producerEvent, replayId }) =>
          [
            1,
            encodeMessage([
              [1, producerEvent],
              [2, replayId],
            ]),
          ] as const,
      ),
      [2, events.at(-1)?.replayId ?? reached()],
      [3, 'rpc'],
      [4, pending],
      ...more,
    ])

  const restartTimers = (): void => {
    cancelKeepalive()
    cancelIdle()
    if (!call.open) return
    if (pending > 0) cancelKeepalive = clock.setTimer(bus.keepaliveMs, keepalive)
    else cancelIdle = clock.setTimer(bus.idleMs, () => silent || call.end(refusals.idle))
  }
  const say = (message: Buffer): void => {
    if (silent) return
    call.send(message)
    restartTimers()
  }
  const keepalive = (): void => say(fetchResponse([]))

  /** The next events for this stream, at most `most`. */
  const take = (most: number): LoggedEvent[] => {
    const taken: LoggedEvent[] = []
    cursor = Math.max(cursor, log.start)
    while (taken.length < most && cursor < log.end) {
      const event = log.from(cursor)
      cursor += 1
      if (event !== undefined && wants(event.object)) taken.push(event)
    }
    return taken
  }
  /** Up to `most` events that lie before the one at `index`. */
  const before = (index: number, most: number): LoggedEvent[] => {
    const found: LoggedEvent[] = []
    for (let at = index - 1; at >= log.start && found.length < most; at -= 1) {
      const event = log.from(at)
      if (event !== undefined && wants(event.object)) found.unshift(event)
    }
    return found
  }

  /** Sends one message; false when nothing more may be sent now. */
  const sendEvents = (events: readonly LoggedEvent[]): boolean => {
    if (!bus.deliver(events.length)) {
      call.end(refusals.deliveryLimit)
      return false
    }
    const fault = bus.meet()
    if (fault?.kind === 'silent') silent = true
    if (silent) return false
    if (fault?.kind === 'cut-before') {
      if (fault.how === 'half-message') call.sendHalf(fetchResponse(events))
      else endCall(call, fault.how)
      return false
    }
    if (fault?.kind === 'repeat-before') {
      const again = before(events[0]?.index ?? cursor, Math.min(fault.events, mostPending))
      if (again.length > 0) say(fetchResponse(again))
    }
    pending -= events.length
    sent = events.at(-1)?.replayId ?? sent
    say(fetchResponse(events))
    if (fault?.kind === 'twice') say(fetchResponse(events))
    if (fault?.kind === 'cut-after') {
      endCall(call, fault.how)
      return false
    }
    return true
  }

  const pump = (): void => {
    while (pending > 0 && !silent && call.open && !waiting) {
      if (!call.writable) {
        waiting = true
        call.whenDrained(() => {
          waiting = false
          pump()
        })
        return
      }
      const events = take(Math.min(pending, bus.batchSize()))
      if (events.length === 0 || !sendEvents(events)) return
    }
  }

  return {
    token,
    request(count) {
      pending = Math.min(mostPending, pending + count)
      restartTimers()
      pump()
    },
    pump,
    answer(commitResponse) {
      say(fetchResponse([], [[5, commitResponse]]))
    },
    get sent() {
      return sent
    },
    silence() {
      silent = true
    },
    close() {
      cancelKeepalive()
      cancelIdle()
    },
  }
}
