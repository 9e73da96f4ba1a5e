import type { Expression } from '../ast.js'
import { columnNames } from './columns.js'
import type { DiagnosticList } from './diagnostics.js'
import { checkLength } from './life-checker.js'
import type { Located, ParsedRule, PatternPlaces } from './parsed-rule.js'
import type { SourceText } from './source-text.js'
import { stepProblem } from './step-problems.js'
import { columnAt, columnsIn, type StepScope, stepOf } from './steps.js'

/** First parts of column names: a step of that name would hide the column. */
const columnWords: ReadonlySet<string> = new Set(columnNames.map((name) => name.split('.')[0] ?? name))

/** Checks MATCH and WITHOUT but for the types in their conditions: step names, lengths, what goes together. */
export function checkPatterns(parsed: ParsedRule, diagnostics: DiagnosticList): void {
  const { rule, places, complete } = parsed
  const { match, without } = rule
  const steps = match?.steps ?? []
  if (match !== undefined && places.match !== undefined) {
    checkSteps(steps, places.match.steps, [], diagnostics)
    if (rule.where !== undefined) whereBefore(places.match.clause, diagnostics)
    if (steps.length === 0) noSteps(places.match.clause, diagnostics)
    if (match.within === undefined && steps.length > 1 && complete) endless(places.match.clause, diagnostics)
    if (match.within !== undefined) checkLength(match.within, places.match.within, 'WITHIN', diagnostics)
    checkMentions(match.where, steps, { names: new Set(steps), bare: false }, places.match, diagnostics)
  }
  if (without !== undefined && places.without !== undefined) {
    checkSteps([without.step], places.without.steps, steps, diagnostics)
    // A length that could not be read has been reported.
    if (complete) checkLength(without.within, places.without.within, 'WITHIN', diagnostics)
    const scope = { names: new Set([...steps, without.step]), bare: match === undefined }
    checkMentions(without.where, [without.step], scope, places.without, diagnostics)
  }
}

function checkSteps(
  names: readonly string[],
  places: readonly Located[],
  before: readonly string[],
  diagnostics: DiagnosticList,
): void {
  const known = new Set(before)
  names.forEach((name, index) => {
    const place = places[index]
    if (place === undefined) return
    const { source, span } = place
    if (name === '') {
      diagnostics.add(source, span, {
        code: 'wrong-value',
        message: { en: 'a step needs a name', zh: '步骤需要名称' },
      })
    } else if (known.has(name)) {
      diagnostics.add(source, span, {
        code: 'duplicate',
        message: { en: `there is already a step named ${name}`, zh: `已有名为 ${name} 的步骤` },
      })
    } else if (columnWords.has(name)) {
      diagnostics.add(source, span, {
        code: 'duplicate',
        message: {
          en: `${name} is a column; give the step another name`,
          zh: `${name} 是列名；请为步骤另取名称`,
        },
      })
    }
    known.add(name)
  })
}

function whereBefore(at: Located, diagnostics: DiagnosticList): void {
  diagnostics.add(at.source, at.span, {
    code: 'not-allowed-here',
    message: {
      en: 'a rule has WHERE or MATCH, not both; move the conditions of WHERE into that of MATCH',
      zh: '一条规则不能同时有 WHERE 和 MATCH；请把 WHERE 的条件移到 MATCH 的 WHERE 中',
    },
  })
}

function noSteps(at: Located, diagnostics: DiagnosticList): void {
  diagnostics.add(at.source, at.span, {
    code: 'wrong-value',
    message: { en: 'MATCH needs a step', zh: 'MATCH 至少需要一个步骤' },
  })
}

function endless(at: Located, diagnostics: DiagnosticList): void {
  diagnostics.add(at.source, at.span, {
    code: 'wrong-value',
    message: {
      en: "MATCH of several steps needs WITHIN INTERVAL '…': how long from the first to the last",
      zh: "多个步骤的 MATCH 需要 WITHIN INTERVAL '…'：从第一步到最后一步的时长",
    },
  })
}

/** A condition that names none of its own steps says nothing of them; a column that is not known is reported as such. */
function checkMentions(
  where: Expression | undefined,
  own: readonly string[],
  scope: StepScope,
  { where: source }: PatternPlaces,
  diagnostics: DiagnosticList,
): void {
  if (where === undefined || source === undefined) return
  const columns = columnsIn(where)
  if (columns.some((column) => own.includes(stepOf(column, scope.names) ?? ''))) return
  if (
    columns.some(
      ({ path }) => stepProblem(path, scope) !== undefined || columnAt(path, scope.names) === undefined,
    )
  )
    return
  report(where, own, source, diagnostics)
}

function report(
  where: Expression,
  own: readonly string[],
  source: SourceText,
  diagnostics: DiagnosticList,
): void {
  const names = own.join(', ')
  const [first = ''] = own
  diagnostics.add(source, where.span, {
    code: 'wrong-value',
    message: {
      en: `this condition says nothing of ${names}; write a column of it, as in ${first}.serial_number`,
      zh: `此条件没有涉及 ${names}；请写出其中的列，例如 ${first}.serial_number`,
    },
  })
}
