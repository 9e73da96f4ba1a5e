import type { Localized } from '../../text.js'
import type { Expression } from '../ast.js'
import type { ValueType } from './columns.js'
import type { DiagnosticInit } from './diagnostics.js'
import type { Type, TypeScope } from './type-checker.js'

export const typeNames: Readonly<Record<ValueType, Localized>> = {
  text: { en: 'text', zh: '文本' },
  number: { en: 'a number', zh: '数字' },
  boolean: { en: 'true or false', zh: '真假值' },
  instant: { en: 'an instant', zh: '时间点' },
  date: { en: 'a date', zh: '日期' },
  interval: { en: 'an interval', zh: '时长' },
}

export const nameOf = (type: Type): Localized =>
  type === 'any' ? { en: 'anything', zh: '任意值' } : typeNames[type]

export const report = (scope: TypeScope, at: Expression, init: DiagnosticInit): void =>
  scope.diagnostics.add(scope.source, at.span, init)

export function wrongOperand(at: Expression, found: Type, wanted: Localized, scope: TypeScope): void {
  const is = nameOf(found)
  report(scope, at, {
    code: 'wrong-type',
    message: {
      en: `this must be ${wanted.en}, but it is ${is.en}`,
      zh: `此处须为${wanted.zh}，实为${is.zh}`,
    },
  })
}

export const isTime = (type: Type): boolean => type === 'instant' || type === 'date'
