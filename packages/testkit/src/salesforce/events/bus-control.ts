import type { MessageFault, StreamEnd, StreamOpening } from '../salesforce.js'

const mostOpenings = 10_000

/** What the test has set up against the bus, and what the bus has seen. */
export interface BusControl {
  next(fault: MessageFault, messages: number): void
  /** The fault of this message with events, if one is due. */
  meet(): MessageFault | undefined
  readonly waiting: number
  refuseStreams(how: StreamEnd, times: number): void
  /** How the stream that is being opened ends at once, if it does. */
  refusal(): StreamEnd | undefined
  schemaFailures: number
  topicFailures: number
  readonly openings: StreamOpening[]
  opened(opening: StreamOpening): void
  openedCount: number
  delivered: number
  schemaCalls: number
}

export function busControl(): BusControl {
  let faults: readonly { readonly fault: MessageFault; left: number }[] = []
  let refused: StreamEnd[] = []
  const openings: StreamOpening[] = []
  return {
    next(fault, messages) {
      faults = [...faults, { fault, left: messages }]
    },
    meet() {
      for (const one of faults) one.left -= 1
      const met = faults.find(({ left }) => left <= 0)
      if (met !== undefined) faults = faults.filter((one) => one !== met)
      return met?.fault
    },
    get waiting() {
      return faults.length
    },
    refuseStreams(how, times) {
      refused = [...refused, ...Array.from({ length: times }, () => how)]
    },
    refusal: () => refused.shift(),
    schemaFailures: 0,
    topicFailures: 0,
    openings,
    opened(opening) {
      this.openedCount += 1
      openings.push(opening)
      if (openings.length > mostOpenings) openings.shift()
    },
    openedCount: 0,
    delivered: 0,
    schemaCalls: 0,
  }
}
