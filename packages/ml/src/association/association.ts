import type { Detector, Finding, JsonObject } from '@andon/core/connector'
import { parseOptions } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { derivedFrom } from '../detector/derived-index.js'
import { type Association, casesToClear } from './association-judge.js'
import {
  type AssociationOptions,
  type AssociationSettings,
  associationSchema,
} from './association-options.js'
import { type AssociationState, CaseWriter, emptyAssociationState } from './association-state.js'
import { type AssociationInWords, type NamedAttribute, remedyOf, sentenceOf } from './association-words.js'
import { type CaseTable, layOutCases } from './case-table.js'
import { forgetNames } from './forget-names.js'
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
  const writerOf = derivedFrom((state: AssociationState) => new WriterOf(state, settings))
  return {
    contract: 1,
    name: 'association',
    capabilities: { limit: settings.limit, falseAlarms: settings.falseAlarms, patterns: settings.patterns },
    init: () => emptyAssociationState(settings),
    observe: (state, batch) => {
      const writer = writerOf(state)
      const findings: Finding[] = []
      for (const feedback of batch) {
        if (!writer.add(feedback) || state.cases.count < state.nextLook) continue
        findings.push(...look(state, settings))
        if (forgetNames(state)) writer.renew()
      }
      return findings
    },
  }
}

/** A writer that is built anew when names have got other numbers. */
class WriterOf {
  readonly #state: AssociationState
  readonly #settings: AssociationSettings
  #writer: CaseWriter

  constructor(state: AssociationState, settings: AssociationSettings) {
    this.#state = state
    this.#settings = settings
    this.#writer = new CaseWriter(state, settings)
  }

  add(feedback: FeedbackRecord): boolean {
    return this.#writer.add(feedback)
  }

  renew(): void {
    this.#writer = new CaseWriter(this.#state, this.#settings)
  }
}

function look(state: AssociationState, settings: AssociationSettings): Finding[] {
  const { count } = state.cases
  state.nextLook = count + Math.ceil(0.4 * Math.min(count, state.mostCases))
  const table = layOutCases(state, settings.leastCases)
  const aside = casesOfTold(state, table)
  const found = peelPairs(state, table, aside, settings)
  const isTimeForPatterns = settings.patterns && count >= state.nextPatterns
  if (isTimeForPatterns) state.nextPatterns = count + Math.min(count, state.mostCases)
  const patterns = isTimeForPatterns ? findPatterns(table, aside, settings) : []
  return [...found, ...patterns].flatMap((one) => {
    const key = keyToTell(state, table, one)
    return key === null ? [] : [findingOf(state, table, one, key, settings)]
  })
}

function findingOf(
  state: AssociationState,
  table: CaseTable,
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
    feedbackIds: found.cases.slice(-mostEvidence).map((one) => state.ids[table.places[one] ?? -1] ?? ''),
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
      forgottenCases: state.cases.count - table.count,
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
