/** From what a trace begins. */
export interface TraceQuestion {
  /** Serial numbers of complained-of units. */
  readonly serials: readonly string[]
  /** Lots under suspicion: of components or of finished goods. */
  readonly batches: readonly string[]
  /** At most so many units in the answer. */
  readonly limit: number
}

export interface TracedUnit {
  readonly serial: string
  readonly productModel?: string
  /** Finished-goods lot. */
  readonly batch?: string
  /** Component → lot. */
  readonly componentBatches?: Readonly<Record<string, string>>
  readonly line?: string
  /** Where it is now, in the target's words: `line 3`, `warehouse`, `shipped`. */
  readonly location?: string
}

export interface TracedBatch {
  readonly batch: string
  readonly component?: string
  readonly location?: string
  /** Pieces left. */
  readonly quantity?: number
  readonly held?: boolean
}

/** Who else has what they have. */
export interface TraceAnswer {
  /** The units asked for, and every unit that holds a lot asked for. */
  readonly units: readonly TracedUnit[]
  /** The lots asked for. */
  readonly batches: readonly TracedBatch[]
  /** Serials and lots of the question that the target does not know. */
  readonly unknown: readonly string[]
  /** True when `limit` cut the units off. */
  readonly cut: boolean
}
