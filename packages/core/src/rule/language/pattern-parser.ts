import type { Expression, Interval } from '../ast.js'
import { type ClauseKeyword, clausesAfter } from './keywords.js'
import { readName } from './name-parser.js'
import type { Located, PatternPlaces } from './parsed-rule.js'
import type { RuleDraft } from './rule-draft.js'

type PatternKeyword = ClauseKeyword & ('MATCH' | 'WITHOUT')

const stepName = { label: { en: "a step's name", zh: '步骤名称' } }

/** Reads `MATCH (a, b, …) [WHERE …] [WITHIN INTERVAL '…']`; the keyword is the current token. */
export function parseMatch(draft: RuleDraft): void {
  const { cursor } = draft
  const { start } = cursor.advance()
  const clause = draft.located(start)
  draft.places.match = { clause, steps: [] }
  const steps: string[] = []
  const places: Located[] = []
  cursor.needSymbol('(')
  do {
    const at = cursor.token.start
    steps.push(readName(cursor, stepName))
    places.push(draft.located(at))
  } while (cursor.takeSymbol(','))
  cursor.needSymbol(')')
  draft.rule.match = { steps }
  draft.places.match = { clause, steps: places }
  parsePatternRest(draft, 'MATCH')
}

/** Reads `WITHOUT (c) [WHERE …] WITHIN INTERVAL '…'`; the keyword is the current token. */
export function parseWithout(draft: RuleDraft): void {
  const { cursor } = draft
  const { start } = cursor.advance()
  const clause = draft.located(start)
  draft.places.without = { clause, steps: [] }
  cursor.needSymbol('(')
  const at = cursor.token.start
  const step = readName(cursor, stepName)
  const place = draft.located(at)
  cursor.needSymbol(')')
  draft.rule.without = { step, within: nothing }
  draft.places.without = { clause, steps: [place] }
  parsePatternRest(draft, 'WITHOUT')
}

/** Stands in for a length that is missing; what is wrong has been reported. */
const nothing: Interval = { months: 0, days: 0, milliseconds: 0 }

/** Reads what follows the steps: `[WHERE …] [WITHIN INTERVAL '…']`, WITHIN required behind WITHOUT. */
export function parsePatternRest(draft: RuleDraft, pattern: PatternKeyword): void {
  const { cursor } = draft
  const needsWithin = pattern === 'WITHOUT'
  if (cursor.takeKeyword('WHERE')) {
    const followers = needsWithin ? ['WITHIN'] : ['WITHIN', ...clausesAfter(pattern)]
    amend(draft, pattern, { where: draft.expression(followers) }, { where: cursor.source })
  }
  const { start } = cursor.token
  if (needsWithin) cursor.needKeyword('WITHIN')
  else if (cursor.isKeyword('WITHIN') || cursor.repair(['WITHIN'])) cursor.advance()
  else return
  const { value, place } = draft.interval(start)
  amend(draft, pattern, value === undefined ? {} : { within: value }, { within: place })
}

interface Found {
  readonly where?: Expression
  readonly within?: Interval
}

/** Adds what was found to the clause at hand. */
function amend(
  { rule, places }: RuleDraft,
  pattern: PatternKeyword,
  found: Found,
  at: Pick<PatternPlaces, 'where' | 'within'>,
): void {
  if (pattern === 'MATCH' && rule.match !== undefined && places.match !== undefined) {
    rule.match = { ...rule.match, ...found }
    places.match = { ...places.match, ...at }
  } else if (pattern === 'WITHOUT' && rule.without !== undefined && places.without !== undefined) {
    rule.without = { ...rule.without, ...found }
    places.without = { ...places.without, ...at }
  }
}
