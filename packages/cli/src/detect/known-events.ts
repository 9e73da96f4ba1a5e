import type { Mapping } from '../mapping/mapping-schema.js'
import { replay } from '../replay/replay.js'
import { type Subject, subjectOf } from './subject.js'

/** Something that became known of a model, a recall for example: what findings should have warned of. */
export interface KnownEvent {
  readonly name: string
  readonly model: string
  /** Epoch ms. */
  readonly at: number
  readonly faults: ReadonlySet<string>
  readonly dangers: ReadonlySet<string>
}

export interface KnownEvents {
  readonly events: readonly KnownEvent[]
  /** Rows that intake did not take, e.g. for a date that cannot be. */
  readonly quarantined: number
}

/**
 * Reads known events. They are mapped as reports are: `filedAt` is when it became known, `productModel` and `faultCode`
 * what it is about, the words tell whether of fire. Rows that agree in `attributes.event` (the message id where there is
 * none) and in the model are one event.
 *
 * @throws CliError for the file or its columns
 */
export async function readKnownEvents(
  file: string,
  mapping: Mapping,
  signal?: AbortSignal,
): Promise<KnownEvents> {
  const events = new Map<
    string,
    KnownEvent & { readonly faults: Set<string>; readonly dangers: Set<string> }
  >()
  const { tally } = await replay({
    file,
    // They may stand in any order, and each date is its own event's.
    mapping: { ...mapping, order: { column: mapping.filedAt } },
    rules: [],
    accepted: (feedback) => {
      const at = Date.parse(feedback.receivedAt)
      const { model, fault, dangers } = subjectOf(feedback)
      const name = String(feedback.attributes?.event ?? feedback.sourceMessageId)
      const key = JSON.stringify([name, model])
      const event = events.get(key) ?? { name, model, at, faults: new Set(), dangers: new Set() }
      events.set(key, event)
      event.faults.add(fault)
      for (const danger of dangers) event.dangers.add(danger)
    },
    ...(signal === undefined ? {} : { signal }),
  })
  return { events: [...events.values()], quarantined: tally.quarantined }
}

/** Whether a feedback is about what the event is about: the model, and the fault or a danger. */
const isAbout = (subject: Subject, { model, faults, dangers }: KnownEvent): boolean =>
  subject.model === model && (faults.has(subject.fault) || subject.dangers.some((one) => dangers.has(one)))

/** The events that at least half of a finding's feedback is about. */
export function eventsOf(subjects: readonly Subject[], events: readonly KnownEvent[]): readonly KnownEvent[] {
  if (subjects.length === 0) return []
  return events.filter(
    (event) => 2 * subjects.filter((subject) => isAbout(subject, event)).length >= subjects.length,
  )
}
