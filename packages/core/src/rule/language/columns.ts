import { type FieldType, feedbackFields } from '../../feedback/fields.js'

export type ValueType = 'text' | 'number' | 'boolean' | 'instant' | 'date' | 'interval'

/** What the checker knows of one column. */
export interface Column {
  /**
   * `any` is decided by the data; an `object` cannot be compared: one of its members must be named. An `array`
   * has as many values as its feedback has of them: ANY and ALL look into it.
   */
  readonly type: ValueType | 'any' | 'object' | 'array'
  /** The type of each value of an array. */
  readonly element?: ValueType
  /** The full name; a bare `fault_code` means `fault_code.code`. */
  readonly name: string
  /** The only values it can have. */
  readonly values?: readonly string[]
}

const valueTypeOf: Readonly<Partial<Record<FieldType, ValueType>>> = {
  string: 'text',
  number: 'number',
  boolean: 'boolean',
  instant: 'instant',
  date: 'date',
}
const typeOf = (type: FieldType): Column['type'] => valueTypeOf[type] ?? 'object'

const columns: ReadonlyMap<string, Column> = new Map(
  feedbackFields
    .flatMap(({ column: name, type, values, members = [], scalar }): [string, Column][] => {
      const own = values === undefined ? {} : { values }
      if (type === 'array') {
        return [
          [name, { name, type: 'object' }],
          [`${name}_count`, { name: `${name}_count`, type: 'number' }],
          ...members.map((member): [string, Column] => {
            const full = `${name}.${member.column}`
            const element = valueTypeOf[member.type]
            return [full, { name: full, type: 'array', ...(element && { element }) }]
          }),
        ]
      }
      const inner = members.map((member): [string, Column] => {
        const memberValues = member.values === undefined ? {} : { values: member.values }
        const full = `${name}.${member.column}`
        return [full, { name: full, type: typeOf(member.type), ...memberValues }]
      })
      const bare = inner.find(([full]) => scalar !== undefined && full === `${name}.${scalar}`)?.[1]
      return [[name, bare ?? { name, type: typeOf(type), ...own }], ...inner]
    })
    .concat([
      ['tenant', { name: 'tenant', type: 'text' }],
      ['fingerprint', { name: 'fingerprint', type: 'text' }],
      ['attributes', { name: 'attributes', type: 'object' }],
    ]),
)

/** Every name that a rule may write, without the members that the customer names. */
export const columnNames: readonly string[] = [...columns.keys()]

/** The column behind a path; members of `component_batches` and `attributes` are the customer's own. */
export function columnOf(path: readonly string[]): Column | undefined {
  const [object = '', ...members] = path
  if (members.length > 0 && object === 'component_batches') return { name: path.join('.'), type: 'text' }
  if (members.length > 0 && object === 'attributes') return { name: path.join('.'), type: 'any' }
  return columns.get(path.join('.'))
}

/** Members of an object column, for a hint: `safety_flags.fire`. Free keys show an example. */
export function membersOf(object: string): readonly string[] {
  if (object === 'component_batches') return ['component_batches.compressor']
  if (object === 'attributes') return ['attributes.colour']
  return columnNames.filter((name) => name === `${object}_count` || name.startsWith(`${object}.`))
}

const byTitle: ReadonlyMap<string, string> = new Map(
  feedbackFields.flatMap(({ column, title, name }): [string, string][] => [
    [title.zh, column],
    [title.en.toLowerCase(), column],
    [name.toLowerCase(), column],
  ]),
)

/** The column that a person calls by its title (`严重度`) or by its TypeScript name. */
export const columnTitled = (title: string): string | undefined => byTitle.get(title.toLowerCase())

/** Smallest and largest value of a numeric column. */
export function rangeOf(name: string): readonly [number, number] {
  if (name === 'severity_score') return [0, 10]
  if (name === 'satisfaction_score.value') return [0, 100]
  if (name === 'fault_code.confidence') return [0, 1]
  const isAmount = name === 'usage_at_failure.value' || name.endsWith('_count')
  return [isAmount ? 0 : Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
}
