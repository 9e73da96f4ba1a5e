/** @import { Random } from './rows.mjs' */
import { pick, texts } from './rows.mjs'

/**
 * @typedef {object} Generated
 * @property {string} text
 * @property {boolean} simple SQLite reads it as PostgreSQL does: comparisons, IN, BETWEEN, IS NULL, IS DISTINCT and
 *   LIKE without escape over texts, numbers and truth values; AND, OR, NOT, CASE, COALESCE, NULLIF, LENGTH, ABS and the
 *   arithmetic of numbers but for `%`, which is whole there. Not: time, ILIKE (one case there), escapes (none unless
 *   named there), lists, and functions that it lacks or has otherwise.
 */

/**
 * Random conditions over the columns of `table.mjs`, well typed by PostgreSQL's rules. Left out on purpose:
 * division by zero (PostgreSQL stops, a rule goes on with unknown: divisors are NULLIF'd), negative counts of
 * SUBSTRING for the same reason, and sums of numbers that have no exact binary form, where doubles and decimals
 * rightly differ.
 *
 * @param {number} count
 * @param {Random} random
 * @returns {readonly Generated[]}
 */
export function randomPredicates(count, random) {
  // Every third is kept to what SQLite reads the same way.
  return Array.from({ length: count }, (_, index) => {
    const simple = index % 3 === 0
    return { text: new Generator(random, simple).condition(1 + Math.floor(random() * 4)), simple }
  })
}

const comparisons = ['=', '<>', '<', '<=', '>', '>=']
const zones = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'UTC',
]
const instantColumns = ['received_at', 'last_occurrence_time', 'occurred_at', 'occurred_at.at']
const numberColumns = [
  'severity_score',
  'usage_at_failure.value',
  'usage_at_failure',
  'fault_code.confidence',
  'satisfaction_score',
  'attributes.reading',
]
const countColumns = ['evidence_count', 'conditions_count']
const booleanColumns = [
  'safety_flags.fire',
  'safety_flags.leak',
  'safety_flags.breakdown',
  'attributes.checked',
]
/** @type {Readonly<Record<string, readonly string[]>>} */
const textColumns = {
  product_line: texts.product_line,
  product_model: texts.product_model,
  region: texts.region,
  symptom_text: texts.symptom,
  fault_code: texts.code,
  'fault_code.code': texts.code,
  'component_batches.compressor': texts.compressor,
  'attributes.note': texts.note,
  production_site: texts.plant,
  channel: texts.channel,
  language: texts.language,
  'usage_at_failure.unit': ['h', 'km'],
}
const days = ['2026-03-01', '2026-01-31', '2024-02-29', '2026-12-31', '2025-06-15']
const instants = [
  '2026-03-01 08:30:15.25',
  '2026-03-01',
  '2026-01-31 12:00',
  '2026-03-29T01:00:00Z',
  '2026-03-01 09:00+08:00',
]
const intervals = [
  '1 hour',
  '1 day',
  '90 minutes',
  '1 month',
  '1 month 1 day',
  '-2 days',
  '13 months',
  '36 hours',
  '1 year',
  '0 seconds',
  '00:00:01.5',
]

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "''")}'`

class Generator {
  /** @type {Random} */
  #random
  /** @type {boolean} */
  #simple
  /** Beside NOW() there must not be another one. */
  #besideNow = false

  /** @param {Random} random @param {boolean} simple */
  constructor(random, simple) {
    this.#random = random
    this.#simple = simple
  }

  /** @template T @param {readonly T[]} choices @returns {T} */
  #pick(choices) {
    return pick(this.#random, choices)
  }

  /** @param {number} likely */
  #chance(likely) {
    return this.#random() < likely
  }

  /** One of the makers at random; those of `rich` only where PostgreSQL alone is asked. */
  #one(/** @type {readonly (() => string)[]} */ basic, /** @type {readonly (() => string)[]} */ rich = []) {
    return this.#pick(this.#simple ? basic : [...basic, ...rich])()
  }

  /** @param {number} depth @returns {string} */
  condition(depth) {
    if (depth <= 0) return this.#atom(0)
    const inner = () => this.condition(depth - 1)
    return this.#one([
      () => `(${inner()} AND ${inner()})`,
      () => `(${inner()} OR ${inner()})`,
      () => `NOT (${inner()})`,
      () => this.#atom(depth),
      () => this.#atom(depth),
      () => this.#atom(depth),
      () => `(${inner()}) IS ${this.#not()}${this.#pick(['TRUE', 'FALSE'])}`,
      () => `CASE WHEN ${inner()} THEN ${inner()} ELSE ${inner()} END`,
      () => `(${inner()}) ${this.#pick(['=', '<>'])} (${inner()})`,
    ])
  }

  #not() {
    return this.#chance(0.4) ? 'NOT ' : ''
  }

  /** @param {number} depth @returns {string} */
  #atom(depth) {
    const text = () => this.#text(depth)
    const number = () => this.#number(depth)
    const operator = () => this.#pick(comparisons)
    return this.#one(
      [
        () => this.#pick(booleanColumns),
        () => this.#pick(booleanColumns),
        () => `${text()} ${operator()} ${text()}`,
        () => `${number()} ${operator()} ${number()}`,
        () => `${this.#whole(depth)} ${operator()} ${this.#whole(depth)}`,
        () => `${number()} ${this.#not()}BETWEEN ${number()} AND ${number()}`,
        () => this.#columnAgainstConstant(),
        () => this.#columnAgainstConstant(),
        () => `product_line ${operator()} ${this.#textLiteral('product_line')}`,
        () => this.#textIn(),
        () => this.#textIn(),
        () =>
          `(${this.#pick(countColumns)} - ${this.#pick(['2', '5', '7'])}) / ${this.#pick(['2', '3', '-4'])} ${operator()} ${this.#whole(0)}`,
        () => `${number()} ${this.#not()}IN (${this.#list(() => this.#number(0))})`,
        () => this.#like(),
        () => `${this.#one([text, number])} IS ${this.#not()}NULL`,
        () => `${text()} IS ${this.#not()}DISTINCT FROM ${text()}`,
        () => `${number()} IS ${this.#not()}DISTINCT FROM ${number()}`,
        () =>
          `CASE ${this.#textColumn()} WHEN ${text()} THEN ${this.#pick(booleanColumns)} WHEN ${text()} THEN TRUE END`,
      ],
      [
        () => `${this.#instant(depth)} ${operator()} ${this.#instant(depth)}`,
        () => `${this.#instant(depth)} ${operator()} ${quoted(this.#pick(instants))}`,
        () => (this.#besideNow ? this.#pick(booleanColumns) : this.#againstNow()),
        () =>
          `${this.#instant(depth)} ${this.#not()}BETWEEN ${quoted(this.#pick(instants))} AND ${this.#instant(depth)}`,
        () =>
          `${this.#instant(1)} ${this.#not()}IN (${this.#list(() => quoted(this.#pick(instants)))}, ${this.#instant(0)})`,
        () => `manufactured_at ${operator()} ${quoted(this.#pick(days))}`,
        () => `manufactured_at ${operator()} ${this.#instant(depth)}`,
        () => `manufactured_at + ${this.#interval(1)} ${operator()} ${this.#instant(0)}`,
        () => `${this.#interval(depth)} ${operator()} ${this.#interval(depth)}`,
        () => this.#anyOrAll(depth),
        () => this.#anyOrAll(depth),
        // Functions have their turn even where there is little room.
        () => `${this.#text(3)} ${operator()} ${this.#text(2)}`,
        () => `${this.#text(4)} ${operator()} ${this.#text(0)}`,
        () => `${this.#text(4)} IS ${this.#not()}NULL`,
        () => `${this.#whole(4)} ${operator()} ${this.#whole(2)}`,
        () => `${this.#whole(3)} ${operator()} ${this.#whole(0)}`,
        () => `${this.#number(3)} ${operator()} ${this.#number(0)}`,
        () => this.#like(),
        () => `last_occurrence_time - INTERVAL '1 month' ${operator()} ${this.#instant(0)}`,
        () => `STARTS_WITH(${text()}, ${text()})`,
        () => `${this.#rounded(depth)} ${operator()} ${number()}`,
        () => `${this.#timeField()} ${operator()} ${this.#whole(0)}`,
        () =>
          `CASE ${this.#instant(0)} WHEN ${quoted(this.#pick(instants))} THEN TRUE WHEN ${this.#instant(0)} THEN FALSE END`,
      ],
    )
  }

  /** The shapes that have closures of their own. */
  #columnAgainstConstant() {
    const operator = this.#pick(comparisons)
    if (this.#chance(0.5)) return `${this.#pick(numberColumns)} ${operator} ${this.#numberLiteral()}`
    const column = this.#textColumn()
    return `${column} ${operator} ${this.#textLiteral(column)}`
  }

  #textIn() {
    const column = this.#textColumn()
    const nothing = this.#chance(0.25) ? ', NULL' : ''
    return `${column} ${this.#not()}IN (${this.#list(() => this.#textLiteral(column))}${nothing})`
  }

  #list(/** @type {() => string} */ item) {
    return Array.from({ length: 1 + Math.floor(this.#random() * 3) }, item).join(', ')
  }

  /** A value taken literally, its wildcards escaped. */
  #escaped() {
    const column = this.#pick(['product_model', 'symptom_text', 'attributes.note'])
    const symbol = this.#pick(['\\', '\\', '!'])
    const known = this.#pick((textColumns[column] ?? []).filter((text) => /[%_]/.test(text)))
    const pattern = known.replace(/[\\%_!]/g, (wildcard) => symbol + wildcard)
    return `${column} ${this.#not()}LIKE ${quoted(pattern)}${symbol === '!' ? " ESCAPE '!'" : ''}`
  }

  #like() {
    if (!this.#simple && this.#chance(0.3)) return this.#escaped()
    const column = this.#textColumn()
    // Without a backslash SQLite, which has no escape unless one is named, and PostgreSQL agree.
    const escaping = this.#pick(this.#simple ? [''] : ['', '', " ESCAPE '!'", " ESCAPE ''"])
    const name = this.#simple || this.#chance(0.5) ? 'LIKE' : 'ILIKE'
    return `${column} ${this.#not()}${name} ${quoted(this.#pattern(column, escaping))}${escaping}`
  }

  /** @param {string} column @param {string} escaping */
  #pattern(column, escaping) {
    const symbol = escaping === '' ? '\\' : escaping === " ESCAPE '!'" ? '!' : ''
    const known = this.#pick(textColumns[column] ?? texts.note)
    let pattern = ''
    for (const part of known.slice(0, 8)) {
      const kept = '\\%_!'.includes(part) ? (this.#simple || symbol === '' ? '_' : `${symbol}${part}`) : part
      pattern += this.#chance(0.7) ? kept : this.#pick(['_', '%', ''])
    }
    const escaped = !this.#simple && symbol !== '' && this.#chance(0.3)
    return (
      this.#pick(['', '%']) +
      (escaped ? symbol + this.#pick(['%', '_', symbol]) : '') +
      pattern +
      this.#pick(['', '%', '%%'])
    )
  }

  #textColumn() {
    return this.#pick(Object.keys(textColumns))
  }

  #textLiteral(column = this.#textColumn()) {
    return quoted(this.#pick(textColumns[column] ?? texts.note))
  }

  /** @param {number} depth @returns {string} */
  #text(depth) {
    if (depth <= 0) return this.#chance(0.6) ? this.#textColumn() : this.#textLiteral()
    const inner = () => this.#text(depth - 2)
    const whole = () => this.#whole(depth - 2)
    const column = () => this.#textColumn()
    return this.#one(
      [
        () => this.#textColumn(),
        () => this.#textColumn(),
        () => this.#textLiteral(),
        () => `(${column()} || ${inner()})`,
        () => `COALESCE(${column()}, ${inner()})`,
        () => `NULLIF(${column()}, ${inner()})`,
        () => `CASE WHEN ${this.#atom(0)} THEN ${column()} ELSE ${inner()} END`,
      ],
      [
        () => `LOWER(${inner()})`,
        () => `UPPER(${inner()})`,
        // SQLite gives the text back when there is nothing to look for, NULL or not.
        () => `REPLACE(${column()}, ${inner()}, ${inner()})`,
        () =>
          `${this.#pick(['TRIM', 'BTRIM', 'LTRIM', 'RTRIM'])}(${inner()}${this.#chance(0.5) ? `, ${inner()}` : ''})`,
        () =>
          `${this.#pick(['SUBSTRING', 'SUBSTR'])}(${inner()}, ${whole()}${this.#chance(0.5) ? `, ABS(${whole()})` : ''})`,
        () => `${this.#pick(['LEFT', 'RIGHT'])}(${inner()}, ${whole()})`,
        () => `CONCAT(${inner()}, ${this.#printable()}, ${this.#printable()})`,
        () => `(${column()} || ${this.#printable()})`,
        () => `${this.#pick(['GREATEST', 'LEAST'])}(${column()}, ${inner()}, ${inner()})`,
      ],
    )
  }

  #printable() {
    return this.#pick([
      () => this.#pick(numberColumns),
      () => this.#pick(countColumns),
      () => this.#pick(booleanColumns),
      () => this.#pick(instantColumns),
      () => 'manufactured_at',
      () => this.#interval(0),
    ])()
  }

  #numberLiteral() {
    const value = Math.floor(this.#random() * 44) / 4 - 1
    return String(Number.isInteger(value) ? value + 0.25 : value)
  }

  /** Sums and products of quarters only, so that binary and decimal agree to the last digit. */
  #number(/** @type {number} */ depth) {
    if (depth <= 0) return this.#chance(0.7) ? this.#pick(numberColumns) : this.#numberLiteral()
    const inner = () => /** @type {string} */ (this.#number(depth - 2))
    const column = () => this.#pick(numberColumns)
    /** @type {string} */
    const made = this.#one(
      [
        column,
        column,
        () => this.#numberLiteral(),
        () => `(${column()} ${this.#pick(['+', '-'])} ${inner()})`,
        () => `(${column()} * ${this.#pick(['2', '0.5', '-3', '1.25'])})`,
        () => `(${inner()} / ${this.#pick(['2', '4', '-8'])})`,
        () => `-${column()}`,
        () => `COALESCE(${column()}, ${inner()})`,
        () => `NULLIF(${column()}, ${inner()})`,
        () => `ABS(${column()})`,
        () => `CASE WHEN ${this.#atom(0)} THEN ${column()} ELSE ${inner()} END`,
      ],
      [
        () => `(${column()} % NULLIF(${inner()}, 0))`,
        () => `MOD(${column()}, ${this.#pick(['3', '1.5', '-2'])})`,
        () => `${this.#pick(['ROUND', 'FLOOR', 'CEIL'])}(${column()} + ${inner()})`,
        () => `${this.#pick(['GREATEST', 'LEAST'])}(${column()}, ${inner()}, ${inner()})`,
        () => `EXTRACT(${this.#pick(['second', 'epoch', 'hour'])} FROM ${this.#pick(instantColumns)})`,
        () => `EXTRACT(epoch FROM (${this.#pick(instantColumns)} - ${this.#pick(instantColumns)}))`,
      ],
    )
    return made
  }

  /** Results without an exact binary form: compared, and nothing else. */
  #rounded(/** @type {number} */ depth) {
    const number = () => this.#number(depth - 1)
    return this.#one([
      () => `ROUND(${this.#pick(numberColumns)} + ${number()}, ${this.#pick(['1', '0', '-1', '2'])})`,
      () => `(${this.#pick(numberColumns)} / NULLIF(${number()}, 0))`,
      () => `(${this.#pick(numberColumns)} / ${this.#pick(['3', '7', '0.75'])})`,
    ])
  }

  /** Whole numbers, which divide as such. @param {number} depth @returns {string} */
  #whole(depth) {
    if (depth <= 0)
      return this.#chance(0.5) ? this.#pick(countColumns) : String(Math.floor(this.#random() * 14) - 4)
    const inner = () => this.#whole(depth - 2)
    return this.#one(
      [
        () => this.#pick(countColumns),
        () => `LENGTH(${this.#textColumn()})`,
        () => `(${inner()} ${this.#pick(['+', '-'])} ${inner()})`,
        () => `(${inner()} * ${this.#pick(['2', '-3'])})`,
        () => `(${inner()} / ${this.#pick(['2', '3', '-4'])})`,
        () => `(LENGTH(${this.#textColumn()}) / NULLIF(${inner()}, 0))`,
        () => `COALESCE(LENGTH(${this.#textColumn()}), ${inner()})`,
        () => `CASE WHEN ${this.#atom(0)} THEN ${inner()} ELSE ${inner()} END`,
      ],
      [
        () => `CHAR_LENGTH(${this.#text(depth - 1)})`,
        () => `STRPOS(${this.#text(depth - 1)}, ${this.#text(0)})`,
        () => `ABS(${inner()})`,
        () => `MOD(${inner()}, ${this.#pick(['2', '3', '-4'])})`,
        () => `(${inner()} % NULLIF(${inner()}, 0))`,
        () => `(GREATEST(${inner()}, ${inner()}, NULL) / 2)`,
      ],
    )
  }

  #intervalLiteral() {
    return `INTERVAL ${quoted(this.#pick(intervals))}`
  }

  /** @param {number} depth @returns {string} */
  #interval(depth) {
    if (depth <= 0) return this.#intervalLiteral()
    const inner = () => this.#interval(depth - 2)
    return this.#pick([
      () => this.#intervalLiteral(),
      () => `(${this.#pick(instantColumns)} - ${this.#instant(0)})`,
      () => `(${this.#pick(instantColumns)} - manufactured_at)`,
      () => `(${inner()} ${this.#pick(['+', '-'])} ${inner()})`,
      () => `(${inner()} * ${this.#pick(['2', '0.5', '-1.5', 'evidence_count', 'severity_score'])})`,
      () => `(${inner()} / ${this.#pick(['2', '7', '-3', '1.5'])})`,
      () => `COALESCE(${this.#pick(instantColumns)} - occurred_at, ${inner()})`,
      () => `-${this.#intervalLiteral()}`,
      () => `${this.#pick(['GREATEST', 'LEAST'])}(${inner()}, ${inner()})`,
      () => `CASE WHEN ${this.#atom(0)} THEN ${inner()} ELSE ${inner()} END`,
    ])()
  }

  /** @param {number} depth @returns {string} */
  #instant(depth) {
    const column = () => this.#pick(instantColumns)
    if (depth <= 0) return column()
    const inner = () => this.#instant(depth - 2)
    return this.#pick([
      column,
      column,
      () => `(${inner()} ${this.#pick(['+', '-'])} ${this.#interval(depth - 1)})`,
      () => `(${this.#intervalLiteral()} + ${column()})`,
      () => `COALESCE(occurred_at, ${inner()})`,
      () => `COALESCE(occurred_at, ${quoted(this.#pick(instants))})`,
      () => `NULLIF(${column()}, ${inner()})`,
      () => `${this.#pick(['GREATEST', 'LEAST'])}(${column()}, ${inner()}, ${quoted(this.#pick(instants))})`,
      () =>
        `DATE_TRUNC(${quoted(this.#pick(['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']))}, ${inner()}${this.#chance(0.5) ? `, ${quoted(this.#pick(zones))}` : ''})`,
      () => `CASE WHEN ${this.#atom(0)} THEN ${column()} ELSE ${inner()} END`,
    ])()
  }

  #timeField() {
    const fields = [
      'year',
      'quarter',
      'month',
      'week',
      'day',
      'dow',
      'isodow',
      'doy',
      'hour',
      'minute',
      'second',
      'epoch',
    ]
    const zone = this.#chance(0.6) ? ` AT TIME ZONE ${quoted(this.#pick(zones))}` : ''
    const source = `${this.#instant(1)}${zone}`
    if (this.#chance(0.2)) {
      const field = this.#pick(['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'epoch'])
      return `EXTRACT(${field} FROM ${this.#interval(2)})`
    }
    const field = this.#pick(fields)
    return this.#chance(0.7) ? `EXTRACT(${field} FROM ${source})` : `DATE_PART(${quoted(field)}, ${source})`
  }

  #againstNow() {
    const moved = `NOW()${this.#chance(0.7) ? ` ${this.#pick(['+', '-'])} ${this.#intervalLiteral()}` : ''}`
    this.#besideNow = true
    const instant = this.#instant(1)
    this.#besideNow = false
    const operator = this.#pick(comparisons)
    return this.#chance(0.7) ? `${instant} ${operator} ${moved}` : `${moved} ${operator} ${instant}`
  }

  /** @param {number} depth */
  #anyOrAll(depth) {
    const operator = this.#pick([...comparisons, '=', '<>'])
    const which = this.#pick(['ANY', 'ALL'])
    const nothing = this.#chance(0.3) ? ', NULL' : ''
    return this.#pick([
      () => `${this.#text(depth - 1)} ${operator} ${which} (conditions.quantity)`,
      () => `${quoted(this.#pick(texts.quantity))} ${operator} ${which} (conditions.quantity)`,
      () => `${quoted(this.#pick(texts.unit))} ${operator} ${which} (conditions.unit)`,
      () => `${quoted(this.#pick(texts.mime))} ${operator} ${which} (evidence.mime)`,
      () => `${this.#number(0)} ${operator} ${which} (conditions.min)`,
      () => `${this.#number(0)} ${operator} ${which} (evidence.confidence)`,
      () =>
        `${this.#textColumn()} ${operator} ${which} (ARRAY[${this.#list(() => this.#textLiteral())}${nothing}])`,
      () => `${this.#number(0)} ${operator} ${which} (ARRAY[${this.#list(() => this.#number(0))}${nothing}])`,
      () =>
        `${this.#instant(0)} ${operator} ${which} (ARRAY[${this.#list(() => this.#instant(0))}${nothing}])`,
    ])()
  }
}
