import { CaseRing, type CaseRingState, emptyCaseRing } from '../detector/case-ring.js'
import { layout } from '../detector/derived-index.js'
import { day, monthOf } from '../detector/instant.js'
import { Numbering } from '../detector/numbering.js'
import type { Reading } from '../detector/reading.js'
import { faultOf, modelOf } from '../detector/subject.js'
import type { AssociationSettings } from './association-options.js'
import { type AttributeNames, AttributeReader, emptyAttributeNames } from './attributes.js'
import { KindColumns } from './kind-columns.js'
import { stratumOf } from './strata.js'

/** What was told of a fault, and with how many cases: nothing is told again before they are twice as many. */
export type ToldAssociation = { key: string; fault: number; attributes: number[]; cases: number }

/** The latest cases, column by column, each by its place in the ring. */
export type AssociationState = {
  readonly layout: number
  /** As it was set when the memory began: the columns are laid out by it. */
  readonly mostCases: number
  readonly mostAttributes: number
  readonly cases: CaseRingState
  readonly ids: string[]
  readonly fault: number[]
  readonly stratum: number[]
  /** `mostAttributes` of each case, as their numbers + 1, and 0 for none. */
  readonly attributes: number[]
  faultNames: string[]
  modelNames: string[]
  /** What a stratum is, by its number. */
  strataCodes: number[]
  attributeNames: AttributeNames
  /** With more attributes than that, those of forgotten cases are forgotten too. */
  mostNames: number
  /** The number of cases ever opened at which they are looked at next, and at which combinations are. */
  nextLook: number
  nextPatterns: number
  told: ToldAssociation[]
}

/** Fewer cases say nothing. */
const firstLook = 100
const firstPatterns = 400
export const leastNames = 20_000

export const emptyAssociationState = ({
  mostCases,
  mostAttributes,
}: AssociationSettings): AssociationState => ({
  layout,
  mostCases,
  mostAttributes,
  cases: emptyCaseRing(),
  ids: [],
  fault: [],
  stratum: [],
  attributes: [],
  faultNames: [],
  modelNames: [],
  strataCodes: [],
  attributeNames: emptyAttributeNames(),
  mostNames: leastNames,
  nextLook: firstLook,
  nextPatterns: firstPatterns,
  told: [],
})

/** Writes cases into the state; finds names by maps, which are no plain JSON. */
export class CaseWriter {
  readonly kinds: KindColumns
  readonly #state: AssociationState
  readonly #ring: CaseRing
  readonly #reader: AttributeReader
  readonly #faults: Numbering
  readonly #models: Numbering
  readonly #strata: Map<number, number>

  constructor(state: AssociationState, { caseDays, attributes }: AssociationSettings) {
    this.#state = state
    this.kinds = new KindColumns(state)
    this.#ring = new CaseRing(state.cases, state.mostCases, caseDays * day)
    this.#reader = new AttributeReader(state, this.kinds, attributes)
    this.#faults = new Numbering(state.faultNames)
    this.#models = new Numbering(state.modelNames)
    this.#strata = new Map(state.strataCodes.map((code, number) => [code, number]))
  }

  /** Adds the feedback's case; false when it is told again. */
  add({ feedback, caseKey, at }: Reading): boolean {
    const state = this.#state
    const place = this.#ring.open(caseKey, at)
    if (place < 0) return false
    state.ids[place] = feedback.feedbackId
    state.fault[place] = this.#faults.numberOf(faultOf(feedback))
    const model = this.#models.numberOf(modelOf(feedback))
    state.stratum[place] = this.#stratumOf(stratumOf(model, monthOf(at), feedback.manufacturedAt, at))
    this.#reader.read(feedback, place)
    return true
  }

  #stratumOf(code: number): number {
    const known = this.#strata.get(code)
    if (known !== undefined) return known
    const number = this.#state.strataCodes.push(code) - 1
    this.#strata.set(code, number)
    return number
  }
}

/** Whether the case at the place has all these attributes. */
export function hasAll(state: AssociationState, place: number, attributes: readonly number[]): boolean {
  const start = place * state.mostAttributes
  const end = start + state.mostAttributes
  for (const attribute of attributes) {
    let at = start
    while (at < end && state.attributes[at] !== attribute + 1) at++
    if (at === end) return false
  }
  return true
}
