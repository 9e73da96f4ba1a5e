import type { Expression } from '../ast.js'
import {
  readField,
  readIntervalField,
  timeFields,
  truncateTo,
  truncationUnits,
} from '../functions/calendar.js'
import type { FunctionSpec, Run } from '../functions/function-spec.js'
import { functionTable } from '../functions/function-table.js'
import { type TimeZone, timeZone } from '../functions/time-zone.js'
import type { Evaluate } from './compile.js'
import { compileInterval, compileText } from './compile-arithmetic.js'
import { compileChoice, isChoice } from './compile-choice.js'
import { anyTime, type Compiler, operand } from './compiler.js'
import { inRange } from './instant-range.js'
import { kindOf } from './kind.js'
import { compare } from './value.js'

type Call = Expression & { type: 'call' }

const unknown: Evaluate = () => null

export function compileCall(call: Call, compiler: Compiler): Evaluate {
  const { name, args } = call
  const { run }: FunctionSpec = functionTable[name]
  if (run !== undefined)
    return applied(
      run,
      args.map((argument) => compiler.value(argument)),
    )
  if (isChoice(name)) {
    const asInstant = anyTime(args, compiler)
    const values = args.map((argument) => operand(argument, asInstant, compiler))
    return compileChoice(name, values, compare)
  }
  switch (name) {
    case 'CONCAT':
      return concatenated(args, compiler)
    case 'EXTRACT':
    case 'DATE_PART':
      return extracted(call, compiler)
    case 'DATE_TRUNC':
      return truncated(call, compiler)
    default:
      // A local time means nothing outside of EXTRACT; the checker refuses it.
      return unknown
  }
}

/** One closure for each number of arguments: no list is made for a row. */
function applied(run: Run, [first = unknown, second, third]: readonly Evaluate[]): Evaluate {
  if (second === undefined) return (row) => run(first(row))
  if (third === undefined) return (row) => run(first(row), second(row))
  return (row) => run(first(row), second(row), third(row))
}

/** NULL arguments are passed over; truth is written `t` and `f`, as PostgreSQL's CONCAT does. */
function concatenated(args: readonly Expression[], compiler: Compiler): Evaluate {
  const parts = args.map((argument) => compileText(argument, compiler, (value) => (value ? 't' : 'f')))
  return (row) => {
    let text = ''
    for (const part of parts) text += part(row) ?? ''
    return text
  }
}

function extracted({ args: [name, source] }: Call, compiler: Compiler): Evaluate {
  const field = timeFields.find((known) => known === constantText(name))
  if (field === undefined || source === undefined) return unknown
  if (kindOf(source, compiler.scope) === 'interval') {
    const read = readIntervalField[field]
    const interval = compileInterval(source, compiler)
    return (row) => {
      const value = interval(row)
      return value === null || read === undefined ? null : read(value)
    }
  }
  const read = readField[field]
  const zoned = source.type === 'call' && source.name === 'TIMEZONE' ? source.args : undefined
  const zone = zoned === undefined ? undefined : zoneOf(zoned[0])
  const time = zoned === undefined ? source : zoned[1]
  if (time === undefined || (zoned !== undefined && zone === undefined)) return unknown
  const value = operand(time, true, compiler)
  return (row) => {
    const instant = value(row)
    if (typeof instant !== 'number') return null
    return read(zone === undefined ? instant : zone.toLocal(instant))
  }
}

function truncated({ args: [name, time, place] }: Call, compiler: Compiler): Evaluate {
  const unit = truncationUnits.find((known) => known === constantText(name))
  const zone = zoneOf(place)
  if (unit === undefined || time === undefined || (place !== undefined && zone === undefined)) return unknown
  const cut = truncateTo[unit]
  const value = operand(time, true, compiler)
  if (zone === undefined) {
    return (row) => {
      const instant = value(row)
      return typeof instant === 'number' ? inRange(cut(instant)) : null
    }
  }
  const isClock = unit === 'second' || unit === 'minute' || unit === 'hour'
  return (row) => {
    const instant = value(row)
    if (typeof instant !== 'number') return null
    const local = zone.toLocal(instant)
    const begin = inRange(cut(local))
    if (begin === null) return null
    // Within a day the offset stays what it is, even where a reading comes twice (PostgreSQL).
    return isClock ? begin - (local - instant) : zone.toInstant(begin)
  }
}

const constantText = (expression: Expression | undefined): string | undefined =>
  expression?.type === 'literal' && typeof expression.value === 'string'
    ? expression.value.toLowerCase()
    : undefined

function zoneOf(expression: Expression | undefined): TimeZone | undefined {
  return expression?.type === 'literal' && typeof expression.value === 'string'
    ? timeZone(expression.value)
    : undefined
}
