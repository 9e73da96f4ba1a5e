import type { JsonObject } from '../json.js'

/** What every plugin carries. `contract` is the version of this contract, not of the package. */
export interface Plugin {
  readonly contract: 1
  /** The connector instance's name, e.g. `salesforce-eu`. */
  readonly name: string
  /** Plain data: what this plugin can do, for people and for checks. */
  readonly capabilities: JsonObject
  /** Releases everything; may be called twice. */
  close?(): Promise<void>
}

/** The answer to "are you well?". Never contains a secret. */
export interface Health {
  readonly ok: boolean
  readonly detail?: string
}

/** Where to go on reading: opaque to everyone but the plugin that made it. */
export type Position = JsonObject

/** A batch as it comes from outside; `commit` only after it is durable. */
export interface Batch<T> {
  readonly items: readonly T[]
  readonly position?: Position
  commit(): Promise<void>
}
