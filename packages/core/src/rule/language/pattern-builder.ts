import type { Interval, MatchClause, WithoutClause } from '../ast.js'
import type { DefinitionReader } from './definition-reader.js'
import type { PatternPlaces } from './parsed-rule.js'
import type { MatchDefinition, WithoutDefinition } from './rule-definition.js'

interface Built<Clause> {
  readonly clause: Clause
  readonly places: PatternPlaces
}

export function buildMatch(definition: MatchDefinition, reader: DefinitionReader): Built<MatchClause> {
  const { steps } = definition
  const where = reader.optionalExpression(definition.where, 'match.where')
  const within = reader.optionalLength(definition.within, 'match.within')
  return {
    clause: {
      steps,
      ...(where === undefined ? {} : { where: where.expression }),
      ...(within?.value === undefined ? {} : { within: within.value }),
    },
    places: {
      clause: reader.whole(steps.join(', '), 'match.steps'),
      steps: steps.map((step, index) => reader.whole(step, `match.steps[${index}]`)),
      ...(where === undefined ? {} : { where: where.source }),
      ...(within === undefined ? {} : { within: within.place }),
    },
  }
}

/** Stands in for a length that could not be read. */
const nothing: Interval = { months: 0, days: 0, milliseconds: 0 }

export function buildWithout(definition: WithoutDefinition, reader: DefinitionReader): Built<WithoutClause> {
  const { step } = definition
  const where = reader.optionalExpression(definition.where, 'without.where')
  const within = reader.length(definition.within, 'without.within')
  const place = reader.whole(step, 'without.step')
  return {
    clause: {
      step,
      ...(where === undefined ? {} : { where: where.expression }),
      within: within.value ?? nothing,
    },
    places: {
      clause: place,
      steps: [place],
      ...(where === undefined ? {} : { where: where.source }),
      within: within.place,
    },
  }
}
