import type { Action, Signal } from '@andon/core'
import type { Localized } from '@andon/core/connector'
import type { Scene } from './simulate.js'
import { doneText, foundText, verdictText } from './telling.js'

export interface Voice {
  readonly words: string
  readonly channel: string
}

/** One line of the story. */
export interface Event {
  readonly at: number
  /** Something found, something done in the plant, somebody told, or an effect proven. */
  readonly mark: 'found' | 'done' | 'told' | 'proven' | 'failed'
  readonly text: Localized
  /** The customer's own words. */
  readonly voice?: Voice
  /** From the complaint to the plant's receipt. */
  readonly latencyMs?: number
}

/** Rules whose every firing is one person told about one complaint: the action says it all. */
const tellOnly: readonly string[] = ['critical_issue_escalation', 'missing_ice_trays']
const messages: readonly string[] = ['escalate', 'notify', 'quality.notification']

export interface Chronicle {
  readonly events: readonly Event[]
  signal(signal: Signal, scene: Scene): Event | undefined
  action(action: Action, scene: Scene): Event | undefined
}

/** Turns what Andon reports into the story that a plant manager wants to hear. */
export function openChronicle(): Chronicle {
  const events: Event[] = []
  const known = new Map<string, Signal['status']>()
  const told = new Set<string>()

  const add = (event: Event): Event => {
    events.push(event)
    return event
  }

  return {
    events,
    signal(signal, { now }) {
      const before = known.get(signal.id)
      known.set(signal.id, signal.status)
      if (tellOnly.includes(signal.rule)) return undefined
      const voice = lastVoice(signal.quotes)
      if (before === undefined) {
        return add({ at: now, mark: 'found', text: foundText(signal), ...(voice && { voice }) })
      }
      const { verification } = signal
      const isJudged = before === 'verifying' && verification?.verdict !== undefined
      if (!isJudged) return undefined
      const isProven = verification.verdict === 'effective'
      return add({ at: now, mark: isProven ? 'proven' : 'failed', text: verdictText(signal) })
    },
    action(action, { now, watch }) {
      if (action.status !== 'succeeded' && action.status !== 'dead' && action.status !== 'refused')
        return undefined
      // A verdict changes it once more, and nothing is done then.
      const ending = `${action.id} ${action.status}`
      if (told.has(ending)) return undefined
      told.add(ending)
      const latencyMs = watch.of(action)
      const voice = action.kind === 'escalate' ? lastVoice(action.quotes) : undefined
      return add({
        at: now,
        mark: action.status !== 'succeeded' ? 'failed' : messages.includes(action.kind) ? 'told' : 'done',
        text: doneText(action),
        ...(voice && { voice }),
        ...(latencyMs === undefined ? {} : { latencyMs }),
      })
    },
  }
}

function lastVoice(quotes: Action['quotes']): Voice | undefined {
  const quote = quotes.at(-1)
  return quote && { words: quote.text, channel: quote.channel }
}
