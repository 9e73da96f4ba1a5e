import { type AssociationState, leastNames } from './association-state.js'
import { modelOfStratum, withModel } from './strata.js'

/**
 * Forgets names that no case in mind has any longer, once they have become many, and gives the others new numbers.
 *
 * @returns whether numbers have changed: then indexes of names are to be built again
 */
export function forgetNames(state: AssociationState): boolean {
  const { attributeNames, faultNames, modelNames, strataCodes, told } = state
  const names = attributeNames.values.length + faultNames.length + modelNames.length + strataCodes.length
  if (names <= state.mostNames) return false
  const attributes = keptOf(attributeNames.values.length, [
    state.attributes.map((number) => number - 1),
    ...told.map((one) => one.attributes),
  ])
  const faults = keptOf(faultNames.length, [state.fault, told.map(({ fault }) => fault)])
  const strata = keptOf(strataCodes.length, [state.stratum])
  const codes = strata.old.map((old) => strataCodes[old] ?? 0)
  const models = keptOf(modelNames.length, [codes.map(modelOfStratum)])
  state.attributeNames = {
    kinds: attributeNames.kinds,
    kindOf: attributes.old.map((old) => attributeNames.kindOf[old] ?? -1),
    values: attributes.old.map((old) => attributeNames.values[old] ?? ''),
  }
  state.faultNames = faults.old.map((old) => faultNames[old] ?? '')
  state.modelNames = models.old.map((old) => modelNames[old] ?? '')
  const attributeOf = (old: number): number => attributes.now[old] ?? -1
  for (const [at, number] of state.attributes.entries())
    state.attributes[at] = number === 0 ? 0 : attributeOf(number - 1) + 1
  for (const [place, fault] of state.fault.entries()) state.fault[place] = faults.now[fault] ?? -1
  for (const [place, stratum] of state.stratum.entries()) state.stratum[place] = strata.now[stratum] ?? -1
  state.strataCodes = codes.map((code) => withModel(code, models.now[modelOfStratum(code)] ?? 0))
  for (const one of told) {
    one.fault = faults.now[one.fault] ?? -1
    one.attributes = one.attributes.map(attributeOf)
  }
  const kept = [attributes, faults, models, strata].reduce((sum, { old }) => sum + old.length, 0)
  state.mostNames = leastNames + 2 * kept
  return true
}

/** The numbers that occur, in order, and the new number of each. */
function keptOf(end: number, used: readonly (readonly number[])[]): { old: number[]; now: Int32Array } {
  const now = new Int32Array(end).fill(-1)
  for (const numbers of used) for (const number of numbers) if (number >= 0) now[number] = 0
  const old: number[] = []
  for (let number = 0; number < end; number++) if (now[number] === 0) now[number] = old.push(number) - 1
  return { old, now }
}
