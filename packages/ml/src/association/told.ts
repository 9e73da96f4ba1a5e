import type { Association } from './association-judge.js'
import { type AssociationState, hasAll, type ToldAssociation } from './association-state.js'
import type { CaseTable } from './case-table.js'

/** Problems that are kept in mind so that they are not told twice. */
const mostTold = 500

/**
 * Whether it is to be told: a new problem, or one that has twice as many cases as when it was told. A problem is the same
 * when most of its cases have what was told: what looked like the line turns out to be the batch.
 *
 * @returns the problem's key; null when there is nothing new to tell
 */
export function keyToTell(state: AssociationState, found: Association): string | null {
  const known = state.told.find((told) => isSameProblem(state, told, found))
  const cases = found.cases.length
  if (known !== undefined) {
    if (cases < 2 * known.cases) return null
    known.cases = cases
    known.attributes = [...found.attributes]
    return known.key
  }
  const { faultNames, attributeNames } = state
  const attributes = found.attributes.map((attribute) => {
    const { group, name } = attributeNames.kinds[attributeNames.kindOf[attribute] ?? -1] ?? {
      group: '',
      name: '',
    }
    return [group, name, attributeNames.values[attribute] ?? '']
  })
  const key = JSON.stringify(['association', faultNames[found.fault] ?? '', ...attributes])
  state.told.push({ key, fault: found.fault, attributes: [...found.attributes], cases })
  if (state.told.length > mostTold) state.told.shift()
  return key
}

function isSameProblem(state: AssociationState, told: ToldAssociation, found: Association): boolean {
  if (told.fault !== found.fault) return false
  const shared = found.cases.filter((one) => hasAll(state, one, told.attributes))
  return 2 * shared.length >= found.cases.length
}

/**
 * The cases of problems that are told and have not become twice as many: they explain themselves, and are not looked for
 * again. One that no case in mind has any longer is forgotten, so that it is news when it comes again.
 *
 * @returns 1 for each of these cases
 */
export function casesOfTold(state: AssociationState, table: CaseTable): Uint8Array {
  const aside = new Uint8Array(table.count)
  const now = state.told.map((told) => casesWith(state, table, told))
  for (const [index, cases] of now.entries())
    if (cases.length < 2 * (state.told[index]?.cases ?? 0)) for (const one of cases) aside[one] = 1
  state.told = state.told.filter((_, index) => now[index]?.length !== 0)
  return aside
}

function casesWith(state: AssociationState, { count }: CaseTable, told: ToldAssociation): number[] {
  const found: number[] = []
  for (let one = 0; one < count; one++) {
    if (state.fault[one] === told.fault && hasAll(state, one, told.attributes)) found.push(one)
  }
  return found
}
