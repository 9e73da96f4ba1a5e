import type * as z from 'zod'
import type { Problem } from '../connector/store.js'
import type { Localized } from '../text.js'
import { problem } from './problem.js'

type Issue = z.core.$ZodIssue

const missing: Localized = { en: 'is missing', zh: '缺少该字段' }

const typeNames: Readonly<Record<string, Localized>> = {
  string: { en: 'a text', zh: '文本' },
  number: { en: 'a finite number', zh: '有限的数字' },
  int: { en: 'a whole number', zh: '整数' },
  boolean: { en: 'true or false', zh: '布尔值' },
  array: { en: 'a list', zh: '列表' },
  object: { en: 'an object', zh: '对象' },
  record: { en: 'an object', zh: '对象' },
}

const formats: Readonly<Record<string, Localized>> = {
  uuid: { en: 'is not a UUIDv7', zh: '不是 UUIDv7' },
}

/** What a size is counted in, by what is too big or too small. */
const sizes: Readonly<Record<string, readonly [tooBig: Localized, tooSmall: Localized]>> = {
  string: [
    { en: 'is longer than {limit} characters', zh: '超过 {limit} 个字符' },
    { en: 'is shorter than {limit} characters', zh: '少于 {limit} 个字符' },
  ],
  array: [
    { en: 'has more than {limit} entries', zh: '超过 {limit} 项' },
    { en: 'has fewer than {limit} entries', zh: '少于 {limit} 项' },
  ],
  number: [
    { en: 'is more than {limit}', zh: '大于 {limit}' },
    { en: 'is less than {limit}', zh: '小于 {limit}' },
  ],
}

const otherSize: readonly [Localized, Localized] = [
  { en: 'is larger than {limit}', zh: '大于上限 {limit}' },
  { en: 'is smaller than {limit}', zh: '小于下限 {limit}' },
]

/** What a check of our own says in both languages: `schema.refine(check, saying({ en, zh }, 'to'))`. */
export function saying(reason: Localized, ...path: string[]) {
  return { message: reason.en, path, params: { reason } }
}

/** Turns zod's issues into problems with reasons in both languages, one for each unknown member. */
export function problemsOf(issues: readonly Issue[], input: unknown): Problem[] {
  return issues.flatMap((issue) => {
    const value = valueAt(input, issue.path)
    const field = issue.path.map(String).join('.')
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) =>
        problem(field === '' ? key : `${field}.${key}`, valueAt(value, [key]), {
          en: 'is an unknown field',
          zh: '是未知字段',
        }),
      )
    const meant = issue.code === 'invalid_union' ? branchMeant(issue.errors) : undefined
    if (meant !== undefined)
      return problemsOf(
        meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
        input,
      )
    const [reason, values] = reasonOf(issue, value)
    return [problem(field, value, reason, values)]
  })
}

/** Of "a text or a list of texts", what somebody meant who wrote a list: that which is wrong inside only, or in value only. */
function branchMeant(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const inside = branches.find((issues) => issues.every(({ path }) => path.length > 0))
  if (inside !== undefined) return inside
  const [inValue, ...others] = branches.filter((issues) =>
    issues.every(({ code }) => code !== 'invalid_type'),
  )
  return others.length === 0 ? inValue : undefined
}

type Reason = readonly [reason: Localized, values?: Readonly<Record<string, unknown>>]

function reasonOf(issue: Issue, value: unknown): Reason {
  switch (issue.code) {
    case 'invalid_type': {
      if (value === undefined) return [missing]
      const name = typeNames[issue.expected]
      const { en, zh } = name ?? { en: issue.expected, zh: issue.expected }
      return [{ en: `is not ${en}`, zh: `不是${zh}` }]
    }
    case 'too_big':
    case 'too_small': {
      const big = issue.code === 'too_big'
      const limit = big ? issue.maximum : issue.minimum
      if (issue.origin === 'string' && !big && limit === 1) return [{ en: 'is empty', zh: '为空' }]
      const [tooBig, tooSmall] = sizes[issue.origin] ?? otherSize
      return [big ? tooBig : tooSmall, { limit: String(limit) }]
    }
    case 'invalid_value':
      if (value === undefined) return [missing]
      return [
        { en: 'is not one of {values}', zh: '不是以下值之一：{values}' },
        { values: issue.values.map(String).join(', ') },
      ]
    case 'invalid_format':
      return [formats[issue.format] ?? { en: 'does not have the required form', zh: '格式不正确' }]
    case 'invalid_key':
      return [{ en: 'has a name that is empty or too long', zh: '含有为空或过长的名称' }]
    case 'invalid_element':
      return [{ en: 'has an entry that is not valid', zh: '含有无效的项' }]
    case 'invalid_union':
      return [{ en: 'has none of the allowed types', zh: '类型不在允许范围内' }]
    case 'not_multiple_of':
      return [
        { en: 'is not a multiple of {divisor}', zh: '不是 {divisor} 的倍数' },
        { divisor: issue.divisor },
      ]
    case 'custom':
      return [reasonSaid(issue.params?.reason) ?? invalid]
    default:
      return [invalid]
  }
}

const invalid: Localized = { en: 'is not valid', zh: '无效' }

function reasonSaid(reason: unknown): Localized | undefined {
  if (typeof reason !== 'object' || reason === null || !('en' in reason) || !('zh' in reason))
    return undefined
  return typeof reason.en === 'string' && typeof reason.zh === 'string'
    ? { en: reason.en, zh: reason.zh }
    : undefined
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value
}
