import type { MesOperations, MesWriteName } from '../contract/operations.js'
import { type MesKind, mesKinds } from './params.js'

/** One of these operations makes the kind possible, the others where it is asked for. */
const operationsOf: { readonly [K in MesKind]: readonly MesWriteName[] } = {
  'material.hold': ['holdLot', 'holdUnits'],
  'material.release': ['releaseLot', 'releaseUnits'],
  'parameter.adjust': ['adjustParameter'],
  'schedule.prioritise': ['prioritiseOrder'],
  'schedule.rework': ['scheduleRework'],
  'inspection.request': ['requestInspection'],
  'quality.notification': ['raiseNotification'],
  escalate: ['sendMessage'],
  notify: ['sendMessage'],
}

/** The kinds that an MES with these operations can do. */
export const kindsOf = (operations: MesOperations): readonly MesKind[] =>
  mesKinds.filter((kind) => operationsOf[kind].some((name) => operations[name] !== undefined))

/** The operations of the kinds that are not among `names`. */
export const missingFor = (kinds: readonly MesKind[], names: readonly string[]): readonly string[] =>
  kinds.flatMap((kind) => operationsOf[kind].filter((name) => !names.includes(name)))
