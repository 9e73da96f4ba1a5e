import type { Localized } from '../../text.js'
import type { Expression } from '../ast.js'
import { intervalMilliseconds } from './interval.js'
import type { Type, TypeScope } from './type-checker.js'
import { report, typeNames, wrongOperand } from './type-names.js'

type Aggregate = Expression & { type: 'aggregate' }

/** The type of an aggregate's value; reports what it cannot be made of. `argument` is the type of its argument. */
export function aggregateType(expression: Aggregate, argument: Type | undefined, scope: TypeScope): Type {
  checkForm(expression, scope)
  const operand = expression.argument
  if (operand === undefined || argument === undefined) return 'number'
  switch (expression.name) {
    case 'COUNT':
    case 'SHARE':
    case 'RATE':
      return 'number'
    case 'MIN':
    case 'MAX':
      if (argument === 'boolean')
        wrongOperand(operand, argument, { en: 'a number, a text or a time', zh: '数字、文本或时间' }, scope)
      return argument
    case 'SUM':
    case 'AVG':
    case 'PERCENTILE':
      if (argument !== 'number' && argument !== 'any')
        wrongOperand(operand, argument, typeNames.number, scope)
      return 'number'
  }
}

/** What the grammar has in one place only, and a tree made in code may lack. */
function checkForm(expression: Aggregate, scope: TypeScope): void {
  const { name, filter, per, fraction, argument } = expression
  const wrong = (message: Localized): void => report(scope, expression, { code: 'wrong-value', message })
  if (name === 'SHARE' && filter === undefined) {
    wrong({
      en: 'SHARE needs FILTER (WHERE …): the share of what?',
      zh: 'SHARE 需要 FILTER (WHERE …) 说明占比的对象',
    })
  }
  if (name === 'RATE' && (per === undefined || intervalMilliseconds(per) <= 0)) {
    wrong({
      en: "RATE needs a length above nothing, as in RATE(INTERVAL '1 hour')",
      zh: "RATE 需要大于零的时长，例如 RATE(INTERVAL '1 hour')",
    })
  }
  if (name === 'PERCENTILE' && (fraction === undefined || fraction < 0 || fraction > 1)) {
    wrong({
      en: 'the fraction of PERCENTILE lies between 0 and 1, as in PERCENTILE(severity_score, 0.95)',
      zh: 'PERCENTILE 的小数须在 0 到 1 之间，例如 PERCENTILE(severity_score, 0.95)',
    })
  }
  const mayBeBare = name === 'COUNT' || name === 'SHARE' || name === 'RATE'
  if (argument === undefined && !mayBeBare)
    wrong({ en: `${name} needs a value to look at`, zh: `${name} 需要一个取值对象` })
}
