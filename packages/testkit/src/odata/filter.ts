import { compareDecimals } from './decimals.js'
import type { Field, Row, Value } from './field.js'
import { kindOf, type Literal, type LiteralKind, malformed, type Token, tokens } from './literals.js'
import { ODataProblem, type ODataVersion } from './problem.js'

/** A condition, and what it surely asks of single fields, so that an index can be used. */
export interface Filter {
  readonly fits: (row: Row) => boolean
  readonly equals: readonly { readonly field: string; readonly value: Value }[]
}

type Fields = Readonly<Record<string, Field>>

interface Term {
  readonly kind: LiteralKind
  readonly of: (row: Row) => Value
  /** Set where the term is just a field, or just a constant. */
  readonly field?: string
  readonly constant?: boolean
}

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
}

/** Below 0, 0 or above 0; null is only like null and before all else. */
export function compareValues(kind: LiteralKind, left: Value, right: Value): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null)
  if (kind === 'number') return compareDecimals(String(left), String(right))
  return left < right ? -1 : left > right ? 1 : 0
}

const textFunctions: Readonly<
  Record<
    string,
    { readonly versions: readonly ODataVersion[]; readonly test: (one: string, other: string) => boolean }
  >
> = {
  // The one whose arguments are the other way round.
  substringof: { versions: [2], test: (part, whole) => whole.includes(part) },
  contains: { versions: [4], test: (whole, part) => whole.includes(part) },
  startswith: { versions: [2, 4], test: (whole, part) => whole.startsWith(part) },
  endswith: { versions: [2, 4], test: (whole, part) => whole.endsWith(part) },
}
const textChanges: Readonly<Record<string, (text: string) => string>> = {
  tolower: (text) => text.toLowerCase(),
  toupper: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
}

const constantOf = (literal: Literal): Term => {
  const value = literal.kind === 'null' ? null : literal.value
  return { kind: literal.kind, of: () => value, constant: true }
}

/** A recursive descent over the tokens: `or` binds least, then `and`, `not`, comparisons, functions. */
class Parser {
  private at = 0
  readonly equals: { field: string; value: Value }[] = []

  constructor(
    private readonly list: readonly Token[],
    private readonly fields: Fields,
    private readonly version: ODataVersion,
  ) {}

  whole(): (row: Row) => boolean {
    const term = this.either()
    if (this.at < this.list.length) throw malformed('the filter goes on where it should end')
    return truth(term)
  }

  private word(...words: readonly string[]): string | undefined {
    const token = this.list[this.at]
    if (token?.type !== 'name' || !words.includes(token.name)) return undefined
    this.at += 1
    return token.name
  }

  private mark(mark: '(' | ')' | ','): boolean {
    const token = this.list[this.at]
    if (token?.type !== 'mark' || token.mark !== mark) return false
    this.at += 1
    return true
  }

  private either(): Term {
    const known = this.equals.length
    let term = this.all()
    while (this.word('or') !== undefined) {
      const [left, right] = [truth(term), truth(this.all())]
      // What one side asks, the whole does not.
      this.equals.length = known
      term = { kind: 'flag', of: (row) => left(row) || right(row) }
    }
    return term
  }

  private all(): Term {
    let term = this.unary()
    while (this.word('and') !== undefined) {
      const [left, right] = [truth(term), truth(this.unary())]
      term = { kind: 'flag', of: (row) => left(row) && right(row) }
    }
    return term
  }

  private unary(): Term {
    if (this.word('not') === undefined) return this.comparison()
    const known = this.equals.length
    const inner = truth(this.unary())
    this.equals.length = known
    return { kind: 'flag', of: (row) => !inner(row) }
  }

  private comparison(): Term {
    const left = this.primary()
    const operator = this.word(...Object.keys(orders))
    const holds = operator === undefined ? undefined : orders[operator]
    if (holds === undefined) return left
    const right = this.primary()
    if (left.kind !== right.kind && left.kind !== 'null' && right.kind !== 'null') {
      throw malformed(`${left.kind} cannot be compared with ${right.kind}`)
    }
    if (operator === 'eq' && left.field !== undefined && right.constant === true && right.kind !== 'number') {
      this.equals.push({ field: left.field, value: right.of({}) })
    }
    return { kind: 'flag', of: (row) => holds(compareValues(left.kind, left.of(row), right.of(row))) }
  }

  private primary(): Term {
    if (this.mark('(')) {
      const inner = this.either()
      if (!this.mark(')')) throw malformed('a bracket is not closed')
      return inner
    }
    const token = this.list[this.at]
    this.at += 1
    if (token?.type === 'literal') return constantOf(token.literal)
    if (token?.type !== 'name') throw malformed('something is missing in the filter')
    return this.mark('(') ? this.call(token.name) : this.field(token.name)
  }

  private field(name: string): Term {
    const field = Object.hasOwn(this.fields, name) ? this.fields[name] : undefined
    if (field === undefined) {
      throw new ODataProblem(400, '/IWBEP/CM_MGW_RT/021', `Property ${name} is invalid`, name)
    }
    return { kind: kindOf[field.type], of: (row) => row[name] ?? null, field: name }
  }

  private call(name: string): Term {
    const given: Term[] = []
    do given.push(this.either())
    while (this.mark(','))
    if (!this.mark(')')) throw malformed(`${name} is not closed`)
    const [first, second, ...more] = given
    if (first?.kind !== 'text' || more.length > 0) throw malformed(`arguments of ${name}`)
    const change = Object.hasOwn(textChanges, name) ? textChanges[name] : undefined
    if (change !== undefined && second === undefined) {
      return { kind: 'text', of: (row) => change(String(first.of(row) ?? '')) }
    }
    const found = Object.hasOwn(textFunctions, name) ? textFunctions[name] : undefined
    if (found?.versions.includes(this.version) !== true || second?.kind !== 'text') {
      throw malformed(`function ${name}`)
    }
    return {
      kind: 'flag',
      of: (row) => found.test(String(first.of(row) ?? ''), String(second.of(row) ?? '')),
    }
  }
}

function truth(term: Term): (row: Row) => boolean {
  if (term.kind !== 'flag') throw malformed('the filter is no condition')
  return (row) => term.of(row) === true
}

/** Reads a `$filter`. Throws an {@link ODataProblem}. */
export function parseFilter(source: string, fields: Fields, version: ODataVersion): Filter {
  const parser = new Parser(tokens(source, version), fields, version)
  const fits = parser.whole()
  return { fits, equals: parser.equals }
}
