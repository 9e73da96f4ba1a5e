import { decimalParts } from './decimals.js'
import type { Field, Value } from './field.js'
import { ODataProblem, type ODataVersion } from './problem.js'

/** How values are written in the JSON of one request or answer. */
export interface Notation {
  readonly version: ODataVersion
  /** V4 only: decimals as text instead of numbers. V2 always has them as text. */
  readonly decimalsAsText: boolean
}

const wrong = (name: string, problem: string): ODataProblem =>
  new ODataProblem(400, '/IWBEP/CM_MGW_RT/176', `Property '${name}' has invalid value: ${problem}`, name)

const pad = (number: number): string => String(number).padStart(2, '0')

/** `PT06H00M00S` or `06:00:00`, as seconds of the day; undefined when it is neither. */
export function secondsOfDay(text: string, version: ODataVersion): number | undefined {
  const match =
    version === 2 ? /^PT(\d\d)H(\d\d)M(\d\d)S$/.exec(text) : /^(\d\d):(\d\d):(\d\d)(?:\.0+)?$/.exec(text)
  if (match === null) return undefined
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number)
  return hours < 24 && minutes < 60 && seconds < 60 ? (hours * 60 + minutes) * 60 + seconds : undefined
}

/** Epoch ms, only of a whole instant: `2026-02-31` is none. */
export function exactInstant(text: string, pattern: RegExp): number | undefined {
  const at = pattern.test(text)
    ? Date.parse(/[Zz]|[+-]\d\d:\d\d$|^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`)
    : Number.NaN
  if (Number.isNaN(at)) return undefined
  const local = text.slice(0, 10)
  return Number(local.slice(8)) === new Date(`${local}T00:00:00Z`).getUTCDate() ? at : undefined
}

const isoDay = /^\d{4}-\d\d-\d\d$/
const isoLocal = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/
const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

function instantFrom(name: string, field: Field, text: string, version: ODataVersion): number {
  if (version === 2) {
    const [, ms] = /^\/Date\((-?\d+)(?:[+-]\d{1,4})?\)\/$/.exec(text) ?? []
    const at =
      ms === undefined ? exactInstant(text, field.type === 'day' ? isoLocal : isoInstant) : Number(ms)
    if (at === undefined) throw wrong(name, 'not a date')
    return at
  }
  const at = exactInstant(text, field.type === 'day' ? isoDay : isoInstant)
  if (at === undefined) throw wrong(name, field.type === 'day' ? 'not a date' : 'not an instant')
  return at
}

function decimalFrom(
  name: string,
  field: Field & { type: 'decimal' },
  given: unknown,
  notation: Notation,
): string {
  const asText = notation.version === 2 || notation.decimalsAsText
  if (typeof given !== (asText ? 'string' : 'number')) {
    throw wrong(name, asText ? 'a decimal must be text' : 'a decimal must be a number')
  }
  const parts = decimalParts(String(given))
  if (parts === undefined) throw wrong(name, 'not a decimal')
  // As sent: a strict server counts zeros at the end, too.
  if ((String(given).split('.')[1] ?? '').length > field.scale)
    throw wrong(name, `more than ${field.scale} decimal places`)
  if (parts.whole.length > field.precision - field.scale) {
    throw wrong(name, `more than ${field.precision - field.scale} digits before the point`)
  }
  return `${parts.negative ? '-' : ''}${parts.whole}${parts.fraction === '' ? '' : `.${parts.fraction}`}`
}

/** What a client sent, checked: type, length, digits. Throws an {@link ODataProblem}. */
export function valueFrom(name: string, field: Field, given: unknown, notation: Notation): Value {
  if (given === null) return field.type === 'text' || field.type === 'flag' ? wrongNull(name) : null
  switch (field.type) {
    case 'text':
      if (typeof given !== 'string') throw wrong(name, 'not text')
      if ([...given].length > field.length) throw wrong(name, `longer than ${field.length} characters`)
      return given
    case 'flag':
      if (typeof given !== 'boolean') throw wrong(name, 'not true or false')
      return given
    case 'integer':
      if (typeof given !== 'number' || !Number.isInteger(given)) throw wrong(name, 'not a whole number')
      return given
    case 'decimal':
      return decimalFrom(name, field, given, notation)
    case 'day':
    case 'instant':
      if (typeof given !== 'string') throw wrong(name, 'not a date')
      return instantFrom(name, field, given, notation.version)
    case 'time': {
      const seconds = typeof given === 'string' ? secondsOfDay(given, notation.version) : undefined
      if (seconds === undefined) throw wrong(name, 'not a time')
      return seconds
    }
  }
}

function wrongNull(name: string): never {
  throw wrong(name, 'null is not allowed')
}

/** A value as an answer has it. */
export function valueTo(field: Field, value: Value, notation: Notation): unknown {
  if (value === null) return null
  switch (field.type) {
    case 'decimal':
      return notation.version === 2 || notation.decimalsAsText ? String(value) : Number(value)
    case 'day':
      return notation.version === 2 ? `/Date(${value})/` : new Date(Number(value)).toISOString().slice(0, 10)
    case 'instant':
      return notation.version === 2 ? `/Date(${value}+0000)/` : new Date(Number(value)).toISOString()
    case 'time': {
      const seconds = Number(value)
      const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(pad)
      return notation.version === 2 ? `PT${h}H${m}M${s}S` : `${h}:${m}:${s}`
    }
    default:
      return value
  }
}
