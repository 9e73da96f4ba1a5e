/** The field types that the simulated services have. */
export type Field = {
  /** Must come with a create, and not be ''. */
  readonly required?: boolean
  /** The system fills it: who sends it is refused. */
  readonly computed?: boolean
  /** May be changed after the create; the rest may not. */
  readonly updatable?: boolean
} & (
  | { readonly type: 'text'; readonly length: number }
  | { readonly type: 'flag' }
  | { readonly type: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly type: 'integer' }
  /** V2: Edm.DateTime. V4: Edm.Date. Kept as epoch ms of its midnight, UTC. */
  | { readonly type: 'day' }
  /** Edm.DateTimeOffset; kept as epoch ms. */
  | { readonly type: 'instant' }
  /** Edm.Time (`PT06H00M00S`), Edm.TimeOfDay (`06:00:00`); kept as seconds of the day. */
  | { readonly type: 'time' }
)

export type FieldType = Field['type']

/** Decimals are kept as text and never become floats; null is a value that was never given. */
export type Value = string | number | boolean | null
export type Row = Readonly<Record<string, Value>>

interface Marks {
  readonly required?: boolean
  readonly computed?: boolean
  readonly updatable?: boolean
}

export const text = (length: number, marks: Marks = {}): Field => ({ type: 'text', length, ...marks })
export const flag = (marks: Marks = {}): Field => ({ type: 'flag', ...marks })
export const decimal = (precision: number, scale: number, marks: Marks = {}): Field => ({
  type: 'decimal',
  precision,
  scale,
  ...marks,
})
export const integer = (marks: Marks = {}): Field => ({ type: 'integer', ...marks })
export const day = (marks: Marks = {}): Field => ({ type: 'day', ...marks })
export const instant = (marks: Marks = {}): Field => ({ type: 'instant', ...marks })
export const time = (marks: Marks = {}): Field => ({ type: 'time', ...marks })

/** What a field has that was never given: SAP's initial values are '', false and 0, and null for days and times. */
export function initialValue(field: Field): Value {
  switch (field.type) {
    case 'text':
      return ''
    case 'flag':
      return false
    case 'decimal':
      return '0'
    case 'integer':
      return 0
    case 'day':
    case 'instant':
    case 'time':
      return null
  }
}
