import type { Localized } from '@andon/core'
import { ChannelError } from '@andon/core/connector'
import { type Scope, textOf } from './row.js'
import type { ValueSpec } from './value-schema.js'

export type Scalar = string | number | boolean
/** Makes one value from a row; undefined where the row says nothing. */
export type Read = (scope: Scope) => Scalar | undefined

export type Lookups = Readonly<Record<string, Readonly<Record<string, Scalar>>>>

const notNumber: Localized = { en: 'is not a number', zh: '不是数字' }
const notBoolean: Localized = {
  en: 'is neither yes nor no (1/0, true/false, yes/no, y/n, 是/否)',
  zh: '既不是“是”也不是“否”（1/0、true/false、yes/no、y/n、是/否）',
}

const yes = new Set(['1', 'true', 'yes', 'y', 't', '是'])
const no = new Set(['0', 'false', 'no', 'n', 'f', '否'])

/** What a member of a draft must be; `any` leaves it as it was read. */
export type Kind = 'text' | 'number' | 'boolean' | 'any'

/**
 * Compiles one value of a mapping once, for every row.
 *
 * @param field what it is for, to name it when a row has something else than `kind` there
 */
export function compileValue(spec: ValueSpec, lookups: Lookups, kind: Kind, field: string): Read {
  const read = compileSpec(spec, lookups, kind)
  if (kind === 'any') return read
  return (scope) => {
    const value = read(scope)
    return value === undefined || typeof value === typeNames[kind] ? value : converted(value, kind, field)
  }
}

const typeNames = { text: 'string', number: 'number', boolean: 'boolean' } as const

function converted(value: Scalar, kind: Exclude<Kind, 'any'>, field: string): Scalar | undefined {
  if (kind === 'text') return String(value)
  return kind === 'number' ? numberOf(field, String(value)) : booleanOf(field, String(value))
}

function compileSpec(spec: ValueSpec, lookups: Lookups, kind: Kind): Read {
  if (typeof spec === 'string') return compileTemplate(spec)
  if (typeof spec !== 'object') return () => spec
  if ('lookup' in spec) {
    const key = compileTemplate(spec.key)
    const table = new Map(Object.entries(lookups[spec.lookup] ?? {}))
    return (scope) => {
      const text = key(scope)
      return text === undefined ? spec.default : (table.get(String(text)) ?? spec.default)
    }
  }
  const { column } = spec
  if ('above' in spec) {
    return (scope) => {
      const number = numberIn(column, scope)
      return number === undefined ? undefined : number > spec.above
    }
  }
  switch (spec.as ?? kind) {
    case 'text':
    case 'any':
      return (scope) => textOf(scope, column)
    case 'number':
      return (scope) => numberIn(column, scope)
    case 'boolean':
      return (scope) => booleanIn(column, scope)
  }
}

const plainNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i

function numberIn(column: string, scope: Scope): number | undefined {
  const text = textOf(scope, column)
  return text === undefined ? undefined : numberOf(column, text)
}

function numberOf(field: string, text: string): number {
  if (!plainNumber.test(text.trim())) throw new ChannelError(field, text, notNumber)
  return Number(text)
}

function booleanIn(column: string, scope: Scope): boolean | undefined {
  const text = textOf(scope, column)
  return text === undefined ? undefined : booleanOf(column, text)
}

function booleanOf(field: string, text: string): boolean {
  const word = text.trim().toLowerCase()
  if (yes.has(word)) return true
  if (no.has(word)) return false
  throw new ChannelError(field, text, notBoolean)
}

/** Text and `{column}` in turn; `{{` and `}}` are braces. */
export function templateParts(template: string): readonly (string | { readonly column: string })[] {
  const parts: (string | { column: string })[] = []
  let last = 0
  for (const { 0: whole, 1: column, index } of template.matchAll(/\{\{|\}\}|\{([^{}]+)\}/g)) {
    if (index > last) parts.push(template.slice(last, index))
    parts.push(column === undefined ? whole.slice(0, 1) : { column })
    last = index + whole.length
  }
  if (last < template.length) parts.push(template.slice(last))
  return parts
}

/** A template all of whose columns are empty says nothing. */
function compileTemplate(template: string): Read {
  const parts = templateParts(template)
  const columns = parts.filter((part) => typeof part !== 'string')
  if (columns.length === 0) {
    const text = parts.join('')
    return () => text
  }
  return (scope) => {
    let text = ''
    let some = false
    for (const part of parts) {
      const cell = typeof part === 'string' ? part : textOf(scope, part.column)
      if (cell === undefined) continue
      if (typeof part !== 'string') some = true
      text += cell
    }
    return some ? text : undefined
  }
}
