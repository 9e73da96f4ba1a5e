import { type Field, initialValue, type Row, type Value } from '../odata/field.js'
import type { EntitySet, RuleContext } from '../odata/model.js'
import { ODataProblem } from '../odata/problem.js'

/** All fields of a set: those that came, those of the system, and initial values for the rest. */
export function completed(set: EntitySet, given: Row, ofSystem: Row): Row {
  return Object.fromEntries(
    Object.entries(set.fields).map(([name, field]): [string, Value] => [
      name,
      ofSystem[name] ?? given[name] ?? initialValue(field),
    ]),
  )
}

/** Refuses with one of SAP's message numbers. */
export function refuse(code: string, text: string, target?: string): never {
  throw new ODataProblem(400, code, text, target)
}

export const midnight = (at: number): number => Math.floor(at / 86_400_000) * 86_400_000
export const secondOfDay = (at: number): number => Math.floor((at - midnight(at)) / 1000)

/** Text of a field; '' where it has none. */
export const textOf = (row: Row, name: string): string => String(row[name] ?? '')

/** The instant of a change. An entity's last change is its ETag, so a second one in the same second must be later. */
export const laterThan = (last: Value | undefined, at: number): number =>
  typeof last === 'number' && last >= at ? last + 1000 : at

/** `YYYYMMDDhhmmss`. */
export const stampOf = (at: number): string => new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)

/** The stamp of a change after one with the stamp `last`: no two changes share one, though it has no milliseconds. */
export function stampAfter(last: Value | undefined, at: number): string {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(String(last ?? '')) ?? []
  const before = y === undefined ? undefined : Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`)
  return stampOf(laterThan(before, Math.floor(at / 1000) * 1000))
}

/** `0001`, `0002` … within a document. */
export const itemNumber = (index: number): string => String(index + 1).padStart(4, '0')

export const mark = ({ at, user }: RuleContext): { at: number; user: string } => ({ at, user })

/** Fields that a customer added to an entity (`YY1_…`), 60 characters each. */
export const customFields = (names: readonly string[]): Readonly<Record<string, Field>> =>
  Object.fromEntries(
    names.map((name): [string, Field] => [name, { type: 'text', length: 60, updatable: true }]),
  )
