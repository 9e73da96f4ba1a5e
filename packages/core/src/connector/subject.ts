import type { JsonObject } from '../json.js'

/** A thing in the plant that an action changes, and of which a target can tell how it stands. */
export type Subject =
  /** A lot of components or of finished goods. */
  | { readonly kind: 'batch'; readonly id: string }
  /** One unit, by its serial number. */
  | { readonly kind: 'unit'; readonly id: string }
  | { readonly kind: 'order'; readonly id: string }
  /** A parameter of a machine. */
  | { readonly kind: 'parameter'; readonly equipment: string; readonly id: string }

/** How a subject stands, in the words of {@link Observation.fields}. */
export interface SubjectState {
  readonly subject: Subject
  readonly fields: JsonObject
}

/** What a target says of a subject. */
export interface Observation {
  /** False when the target knows no such thing. */
  readonly found: boolean
  /**
   * How it stands. Batch and unit: `held` (boolean). Order: `priority` (1 first, to 9), `status`.
   * Parameter: `value`, `unit` (UCUM) and, where the target knows them, `low`, `high`, `maxStep` (in `unit`),
   * `dwellSeconds`, `secondsSinceChange` (by the target's own clock, which need not be ours). A field that is missing
   * cannot be compared.
   */
  readonly fields: JsonObject
}

/** One text for one subject, e.g. `parameter:IM-04/mould_temperature`; ids are percent-encoded. */
export function subjectKey(subject: Subject): string {
  const id = encodeURIComponent(subject.id)
  return subject.kind === 'parameter'
    ? `parameter:${encodeURIComponent(subject.equipment)}/${id}`
    : `${subject.kind}:${id}`
}
