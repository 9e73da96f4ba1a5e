import { type Detector, type Finding, type JsonObject, parseOptions } from '@andon/core/connector'
import { derivedFrom } from '../detector/derived-index.js'
import { readingsOf } from '../detector/reading.js'
import { type Association, casesToClear } from './association-judge.js'
import {
  type AssociationOptions,
  type AssociationSettings,
  associationSchema,
} from './association-options.js'
import { type AssociationState, CaseWriter, emptyAssociationState } from './association-state.js'
import { type AssociationInWords, type NamedAttribute, remedyOf, sentenceOf } from './association-words.js'
import { layOutCases } from './case-table.js'
import { forgetNames } from './forget-names.js'
import type { KindColumns } from './kind-columns.js'
import { peelPairs } from './pair-peeling.js'
import { findPatterns } from './patterns.js'
import { casesOfTold, keyToTell } from './told.js'

/** Cases that a finding names as its evidence, the latest. */
const mostEvidence = 500

/**
 * Finds faults that come with an attribute more often than by chance: with a batch of a component or of finished goods, a
 * plant, a line, a firmware, a band of use; and with combinations of two that neither explains alone.
 *
 * Counted are cases, by serial number, never rows. Nobody knows how many units of a batch are in use, so cases are compared
 * with cases: of the same model, month and age, and only with those that tell this kind of attribute. Told is what is at
 * least `limit` times as often as by chance (EB05) and no accident of the many pairs that are tried. Cases that are
 * explained are set aside before the next is looked for, so that a large known defect hides nothing and what merely goes with
 * its batch is not blamed. They are looked at whenever two fifths more have come, and told again with twice as many.
 *
 * The number of cases alone says when it is looked at, so that any batching finds the same; what comes late counts in its
 * month, the same feedback counts once.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 */
export function association(options: AssociationOptions = {}): Detector<AssociationState> {
  const settings = parseOptions(associationSchema, options, 'association')
  // Built anew when names have got other numbers.
  const about = { name: 'association', init: () => emptyAssociationState(settings) }
  const writerOf = derivedFrom(about, (state: AssociationState) => ({
    writer: new CaseWriter(state, settings),
  }))
  return {
    contract: 1,
    ...about,
    capabilities: { limit: settings.limit, falseAlarms: settings.falseAlarms, patterns: settings.patterns },
    observe: (state, batch) => {
      const index = writerOf(state)
      const findings: Finding[] = []
      for (const reading of readingsOf(batch)) {
        if (!index.writer.add(reading) || state.cases.count < state.nextLook) continue
        findings.push(...look(state, index.writer.kinds, settings))
        if (forgetNames(state)) index.writer = new CaseWriter(state, settings)
      }
      return findings
    },
  }
}

function look(state: AssociationState, kinds: KindColumns, settings: AssociationSettings): Finding[] {
  const { count } = state.cases
  state.nextLook = count + Math.ceil(0.4 * Math.min(count, state.mostCases))
  const table = layOutCases(state, kinds, settings.leastCases)
  const aside = casesOfTold(state, table)
  const found = peelPairs(state, table, aside, settings)
  const isTimeForPatterns = settings.patterns && count >= state.nextPatterns
  if (isTimeForPatterns) state.nextPatterns = count + Math.min(count, state.mostCases)
  const patterns = isTimeForPatterns ? findPatterns(table, aside, settings) : []
  return [...found, ...patterns].flatMap((one) => {
    const key = keyToTell(state, one)
    return key === null ? [] : [findingOf(state, one, key, settings)]
  })
}

function findingOf(
  state: AssociationState,
  found: Association,
  key: string,
  settings: AssociationSettings,
): Finding {
  const { count, bayes } = found
  const named = (attributes: readonly number[]): NamedAttribute[] =>
    attributes.map((attribute) => nameOf(state, attribute))
  const words: AssociationInWords = {
    fault: state.faultNames[found.fault] ?? '',
    attributes: named(found.attributes),
    alike: named(found.alike),
    aboveAll: named(found.aboveAll),
    cases: count.both,
    expected: count.expected,
    ratio: bayes.estimate,
    lower: bayes.lower,
  }
  const toClear = casesToClear(count, settings)
  const { en, zh } = remedyOf(words, toClear)
  const plain = (attributes: readonly NamedAttribute[]): JsonObject[] => attributes.map((one) => ({ ...one }))
  return {
    key,
    title: sentenceOf(words),
    severity: 6,
    feedbackIds: evidenceOf(state, found.cases),
    numbers: {
      basis: 'cases of the same model, month and age that tell the attribute',
      fault: words.fault,
      attributes: plain(words.attributes),
      alike: plain(words.alike),
      aboveAll: plain(words.aboveAll),
      cases: count.both,
      expected: count.expected,
      expectedByParts: found.expectedByParts,
      ratio: count.both / count.expected,
      ebgm: bayes.estimate,
      eb05: bayes.lower,
      eb95: bayes.upper,
      limit: settings.limit,
      p: found.p,
      tests: found.tests,
      casesOfFault: count.first,
      casesOfAttribute: count.second,
      casesCompared: count.total,
      forgottenCases: Math.max(0, state.cases.count - state.mostCases),
      casesToClear: toClear,
      goesAway: { en, zh },
    } satisfies JsonObject,
  }
}

function nameOf({ attributeNames }: AssociationState, attribute: number): NamedAttribute {
  const kind = attributeNames.kinds[attributeNames.kindOf[attribute] ?? -1] ?? {
    group: 'attribute',
    name: '',
  }
  return { ...kind, value: attributeNames.values[attribute] ?? '' }
}

/** The latest of these cases, oldest first. */
function evidenceOf(
  { cases: { count }, mostCases, ids }: AssociationState,
  places: readonly number[],
): string[] {
  const age = (place: number): number => (count - 1 - place) % mostCases
  return [...places]
    .sort((a, b) => age(b) - age(a))
    .slice(-mostEvidence)
    .map((place) => ids[place] ?? '')
}
