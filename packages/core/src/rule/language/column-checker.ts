import type { Expression } from '../ast.js'
import { type Column, columnNames, columnTitled, membersOf } from './columns.js'
import { stepProblem } from './step-problems.js'
import { columnAt } from './steps.js'
import { candidateRank, candidates, suggest } from './suggest.js'
import type { Type, TypeScope } from './type-checker.js'
import { report } from './type-names.js'

/** The type of a column or an alias; reports names that there are not, and columns that hold more than one value. */
export function columnType(expression: Expression & { type: 'column' }, scope: TypeScope): Type {
  const [first = ''] = expression.path
  const alias = expression.path.length === 1 ? scope.aliases.get(first) : undefined
  if (alias !== undefined) return alias
  if (reportStep(expression, scope)) return 'any'
  const column = columnAt(expression.path, scope.steps?.names)
  if (column === undefined) unknownColumn(expression, scope)
  else if (column.type === 'object') bareObject(expression, column, scope)
  else if (column.type === 'array') bareList(expression, column, scope)
  else return column.type
  return 'any'
}

/** Reports a column that cannot be resolved because of its step, or of the step it lacks. */
function reportStep(expression: Expression & { type: 'column' }, scope: TypeScope): boolean {
  const { steps } = scope
  const problem = steps === undefined ? undefined : stepProblem(expression.path, steps)
  if (problem !== undefined) report(scope, expression, problem)
  return problem !== undefined
}

function unknownColumn(expression: Expression & { type: 'column' }, scope: TypeScope): void {
  const name = expression.path.join('.')
  if (scope.hiddenAliases?.has(name)) {
    report(scope, expression, {
      code: 'unknown-name',
      message: {
        en: `${name} is a SELECT alias, which only action parameters see; repeat its expression here`,
        zh: `${name} 是 SELECT 别名，只能在动作参数中使用；请在此重复其表达式`,
      },
    })
    return
  }
  report(scope, expression, {
    code: 'unknown-name',
    message: { en: `feedbacks have no column ${name}`, zh: `反馈中没有列 ${name}` },
    // Nobody is told any more: what was meant need not be looked for.
    suggestion: scope.diagnostics.full ? undefined : columnMeant(name, scope),
  })
}

function columnMeant(name: string, { aliases }: TypeScope): string | undefined {
  return (
    columnTitled(name) ??
    suggest(name, [
      ...candidates(columnNames, candidateRank.field),
      ...candidates(aliases.keys(), candidateRank.field),
    ])
  )
}

function bareObject(expression: Expression, column: Column, scope: TypeScope): void {
  const members = membersOf(column.name).join(', ')
  report(scope, expression, {
    code: 'wrong-type',
    message: {
      en: `${column.name} holds several values; name one of them: ${members}`,
      zh: `${column.name} 含有多个值；请指明其中之一：${members}`,
    },
  })
}

function bareList(expression: Expression, { name }: Column, scope: TypeScope): void {
  report(scope, expression, {
    code: 'wrong-type',
    message: {
      en: `a feedback has any number of ${name}; ask for one of them: … = ANY (${name})`,
      zh: `一条反馈可有多个 ${name}；请写成 … = ANY (${name})`,
    },
  })
}
