import type { Localized } from '../../text.js'
import type { Expression } from '../ast.js'
import { readIntervalField, timeFields, truncationUnits } from '../functions/calendar.js'
import type { FunctionSpec, ParameterType } from '../functions/function-spec.js'
import { functionTable } from '../functions/function-table.js'
import { timeZone, timeZoneNames } from '../functions/time-zone.js'
import { commonType } from './comparability.js'
import { printText } from './print-expression.js'
import { candidateRank, candidates, suggest } from './suggest.js'
import type { Type, TypeScope } from './type-checker.js'
import { isTime, report, typeNames, wrongOperand } from './type-names.js'

type Call = Expression & { type: 'call' }
type TypeOf = (expression: Expression, scope: TypeScope) => Type

/** The type of a call; reports wrong arguments. Its own types come from `typeOf`. */
export function callType(call: Call, scope: TypeScope, typeOf: TypeOf): Type {
  if (call.name === 'TIMEZONE') {
    report(scope, call, {
      code: 'not-allowed-here',
      message: {
        en: "AT TIME ZONE may stand only inside EXTRACT or DATE_PART, as in EXTRACT(hour FROM received_at AT TIME ZONE 'Asia/Shanghai')",
        zh: "AT TIME ZONE 只能写在 EXTRACT 或 DATE_PART 中，例如 EXTRACT(hour FROM received_at AT TIME ZONE 'Asia/Shanghai')",
      },
    })
    return 'any'
  }
  return checkedCall(call, scope, typeOf)
}

function checkedCall(call: Call, scope: TypeScope, typeOf: TypeOf): Type {
  const spec: FunctionSpec = functionTable[call.name]
  if (!takes(spec, call.args.length)) {
    wrongCount(call, spec, scope)
    return resultOf(spec, 'any')
  }
  const alike = call.args.filter((_, index) => parameterAt(spec, index) === 'alike')
  const common = commonType(
    alike.map((expression) => ({ expression, type: typeOf(expression, scope) })),
    scope,
  )
  if ((call.name === 'GREATEST' || call.name === 'LEAST') && common === 'boolean')
    wrongOperand(call, common, comparable, scope)
  call.args.forEach((argument, index) => {
    const parameter = parameterAt(spec, index)
    if (parameter === 'alike') return
    const type = checkArgument(argument, parameter, scope, typeOf)
    // The field stands in front of what it is read of.
    if (parameter === 'span-or-time' && type === 'interval') checkIntervalField(call.args[0], scope)
  })
  return resultOf(spec, common)
}

/** What a local time is called outside of EXTRACT has been reported. */
const resultOf = ({ result }: FunctionSpec, common: Type): Type =>
  result === 'alike' ? common : result === 'local' ? 'any' : result

const parameterAt = ({ parameters }: FunctionSpec, index: number): ParameterType =>
  parameters[Math.min(index, parameters.length - 1)] ?? 'alike'

function takes({ parameters, optional = 0, variadic = false }: FunctionSpec, count: number): boolean {
  return count >= parameters.length - optional && (variadic || count <= parameters.length)
}

function wrongCount(call: Call, spec: FunctionSpec, scope: TypeScope): void {
  const { parameters, optional = 0, variadic = false } = spec
  const least = parameters.length - optional
  const wanted: Localized = variadic
    ? { en: `at least ${least}`, zh: `至少 ${least} 个` }
    : optional > 0
      ? { en: `${least} or ${parameters.length}`, zh: `${least} 或 ${parameters.length} 个` }
      : { en: `${least}`, zh: `${least} 个` }
  const plural = variadic ? least === 1 : parameters.length === 1
  report(scope, call, {
    code: 'wrong-value',
    message: {
      en: `${call.name} takes ${wanted.en} argument${plural ? '' : 's'}, not ${call.args.length}`,
      zh: `${call.name} 需要${wanted.zh}参数，实为 ${call.args.length} 个`,
    },
  })
}

const comparable: Localized = { en: 'a number, a text or a time', zh: '数字、文本或时间' }
const someTime: Localized = { en: 'an instant or a date', zh: '时间点或日期' }

/** Reports an argument that does not fit, and gives its type; each is looked at once. */
function checkArgument(
  argument: Expression,
  parameter: Exclude<ParameterType, 'alike'>,
  scope: TypeScope,
  typeOf: TypeOf,
): Type {
  switch (parameter) {
    case 'field':
      oneOf(argument, timeFields, { en: 'a field of a time', zh: '时间字段' }, scope)
      return 'text'
    case 'unit':
      oneOf(argument, truncationUnits, { en: 'a unit of time', zh: '时间单位' }, scope)
      return 'text'
    case 'zone':
      checkZone(argument, scope)
      return 'text'
    case 'span-or-time':
      // Only here a local time has a meaning: as parts of a wall clock.
      if (argument.type === 'call' && argument.name === 'TIMEZONE')
        return checkedCall(argument, scope, typeOf)
  }
  const type = typeOf(argument, scope)
  if (type === 'any' || parameter === 'printable') return type
  if (parameter === 'time' || parameter === 'span-or-time') {
    const fits = isTime(type) || (parameter === 'span-or-time' && type === 'interval')
    if (!fits) wrongOperand(argument, type, someTime, scope)
  } else if (type !== parameter) wrongOperand(argument, type, typeNames[parameter], scope)
  return type
}

function constantText(argument: Expression, what: Localized, scope: TypeScope): string | undefined {
  if (argument.type === 'literal' && typeof argument.value === 'string') return argument.value
  report(scope, argument, {
    code: 'wrong-value',
    message: { en: `${what.en} must be written as a text`, zh: `${what.zh}必须直接写成文本` },
  })
  return undefined
}

function oneOf(argument: Expression, known: readonly string[], what: Localized, scope: TypeScope): void {
  const written = constantText(argument, what, scope)
  if (written === undefined || known.includes(written.toLowerCase())) return
  const all = known.join(', ')
  report(scope, argument, {
    code: 'wrong-value',
    message: {
      en: `${printText(written)} is not ${what.en}; it is one of ${all}`,
      zh: `${printText(written)} 不是${what.zh}；可用的有：${all}`,
    },
    suggestion: suggest(written, candidates(known, candidateRank.keyword)),
  })
}

/** `dow` of a length means nothing. */
function checkIntervalField(field: Expression | undefined, scope: TypeScope): void {
  if (field?.type !== 'literal') return
  const known = timeFields.find((name) => name === String(field.value).toLowerCase())
  if (known === undefined || readIntervalField[known] !== undefined) return
  report(scope, field, {
    code: 'wrong-value',
    message: { en: `an interval has no ${known}`, zh: `时长没有 ${known}` },
  })
}

function checkZone(argument: Expression, scope: TypeScope): void {
  const written = constantText(argument, { en: 'a time zone', zh: '时区' }, scope)
  if (written === undefined || timeZone(written) !== undefined) return
  const meant = suggest(written, candidates(timeZoneNames(), candidateRank.keyword))
  report(scope, argument, {
    code: 'wrong-value',
    message: {
      en: `there is no time zone ${printText(written)}; zones have names such as 'Asia/Shanghai' or 'UTC'`,
      zh: `没有时区 ${printText(written)}；时区名称例如 'Asia/Shanghai' 或 'UTC'`,
    },
    suggestion: meant === undefined ? undefined : printText(meant),
  })
}
