import { columnNames, columnOf, columnTitled } from './columns.js'
import type { DiagnosticInit } from './diagnostics.js'
import type { StepScope } from './steps.js'
import { candidateRank, candidates, suggest } from './suggest.js'

/** What is wrong with a column in a rule with steps, apart from its type; undefined when it names something. */
export function stepProblem(path: readonly string[], steps: StepScope): DiagnosticInit | undefined {
  const [first = '', ...rest] = path
  const name = path.join('.')
  if (first === steps.absent) return absentStep(first)
  if (steps.names.has(first)) {
    if (rest.length === 0) return wholeStep(first)
    return columnOf(rest) === undefined ? unknownMember(first, rest.join('.')) : undefined
  }
  if (columnOf(path) !== undefined) return steps.bare ? undefined : withoutStep(name, steps)
  // Neither a step nor a column: `b.severity_score` with another step's name, or a column's name misspelt.
  return rest.length > 0 && columnOf(rest) !== undefined
    ? unknownStep(first, rest.join('.'), steps)
    : undefined
}

function absentStep(step: string): DiagnosticInit {
  return {
    code: 'not-allowed-here',
    message: {
      en: `${step} is what did not come: it can be named only in the WHERE of its WITHOUT`,
      zh: `${step} 是没有出现的反馈，只能在其 WITHOUT 的 WHERE 中使用`,
    },
  }
}

function wholeStep(step: string): DiagnosticInit {
  return {
    code: 'wrong-type',
    message: {
      en: `${step} is a whole feedback; name one of its columns, as in ${step}.serial_number`,
      zh: `${step} 是整条反馈；请指明其中的列，例如 ${step}.serial_number`,
    },
  }
}

function unknownMember(step: string, column: string): DiagnosticInit {
  const meant = columnTitled(column) ?? suggest(column, candidates(columnNames, candidateRank.field))
  return {
    code: 'unknown-name',
    message: { en: `feedbacks have no column ${column}`, zh: `反馈中没有列 ${column}` },
    suggestion: meant === undefined ? undefined : `${step}.${meant}`,
  }
}

function withoutStep(column: string, steps: StepScope): DiagnosticInit {
  const [first = ''] = steps.names
  const written = `${first}.${column}`
  return {
    code: 'unknown-name',
    message: {
      en: `say which step ${column} is of, as in ${written}`,
      zh: `请指明 ${column} 属于哪个步骤，例如 ${written}`,
    },
  }
}

function unknownStep(step: string, column: string, steps: StepScope): DiagnosticInit {
  const all = [...steps.names]
  const meant = suggest(step, candidates(all, candidateRank.field))
  const list =
    all.length === 0
      ? { en: '', zh: '' }
      : { en: `; there are ${all.join(', ')}`, zh: `；已有：${all.join('、')}` }
  return {
    code: 'unknown-name',
    message: { en: `there is no step ${step}${list.en}`, zh: `没有步骤 ${step}${list.zh}` },
    suggestion: meant === undefined ? undefined : `${meant}.${column}`,
  }
}
