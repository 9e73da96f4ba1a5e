import type { Field, Row, Value } from './field.js'
import type { ODataVersion } from './problem.js'
import type { Tables } from './tables.js'

/** From one entity to others: equal values of the paired fields belong together. */
export interface Navigation {
  readonly set: string
  /** Field here, field there. */
  readonly on: readonly (readonly [here: string, there: string])[]
  readonly many: boolean
}

/** A checked entity with its checked parts, as a deep create brings it. */
export interface DeepRow {
  /** Only the fields that came. */
  readonly given: Row
  readonly parts: Readonly<Record<string, readonly DeepRow[]>>
}

/** What a rule may use. */
export interface RuleContext {
  readonly tables: Tables
  /** Epoch ms. */
  readonly at: number
  readonly user: string
  /** The next number of a range, e.g. `49` + eight digits; a number is gone even when what it was for fails. */
  next(range: NumberRange): string
}

/** Where the numbers of one kind of document begin. */
export interface NumberRange {
  readonly name: string
  readonly first: number
}

export interface EntitySet {
  readonly name: string
  /** e.g. `A_ProductionOrder_2Type`. */
  readonly type: string
  readonly key: readonly string[]
  readonly fields: Readonly<Record<string, Field>>
  readonly navigations?: Readonly<Record<string, Navigation>>
  /** The field whose value is the ETag; changes of such an entity need If-Match. */
  readonly etag?: string
  /** Makes the entity and its parts; the rules of the business are here. Absent: nobody may create one. */
  readonly create?: (context: RuleContext, input: DeepRow) => Row
  /** Changes the entity; `patch` has only updatable fields. Absent: nobody may. */
  readonly update?: (context: RuleContext, row: Row, patch: Row) => void
}

/** A function that V2 clients POST to, e.g. `Cancel?MaterialDocument='…'`. */
export interface FunctionImport {
  readonly parameters: Readonly<Record<string, Field>>
  /** Parameters that may be left out. */
  readonly optional?: readonly string[]
  /** The entity that must be named by If-Match, from the arguments. */
  readonly precondition?: (context: RuleContext, given: Row) => { readonly set: string; readonly row: Row }
  /** The set of the entity that it returns; absent: a message of two fields. */
  readonly returns?: string
  readonly call: (context: RuleContext, given: Row) => Row
}

export interface Service {
  /** Path of its root, e.g. `/sap/opu/odata/sap/API_BATCH_SRV`. */
  readonly root: string
  /** Its namespace in `__metadata` and contexts. */
  readonly namespace: string
  readonly version: ODataVersion
  readonly sets: Readonly<Record<string, EntitySet>>
  readonly functions?: Readonly<Record<string, FunctionImport>>
}

export const keyOf = (set: Pick<EntitySet, 'key'>, row: Row): string =>
  JSON.stringify(set.key.map((name): Value => row[name] ?? ''))
