import type { JournalEntry, NewEntry, QuarantineRecord, StoreTransaction } from './store.js'

/**
 * The right to do something alone, under a name, e.g. to analyse a partition for a stage. Each time it is given its
 * epoch grows; who has an older one is fenced.
 */
export interface Claim {
  readonly name: string
  /** Every worker has a name of its own. */
  readonly owner: string
  readonly epoch: number
}

export interface ClaimRequest {
  readonly name: string
  readonly owner: string
  /** For how long, by the store's own clock (ms); `renew` lengthens it. */
  readonly ttlMs: number
  /** `free`: only when nobody else has it now. `any`: whoever has it loses it, because another authority has decided. */
  readonly from: 'free' | 'any'
}

/** One message of a partition on its way into a lane. */
export type LaneItem =
  | {
      readonly kind: 'feedback'
      readonly position: number
      readonly at: number
      readonly entry: NewEntry
      /** The entry's record as JSON and its payload, in UTF-8: a store that writes bytes need not make them again. */
      readonly bytes?: { readonly record: Uint8Array; readonly payload: Uint8Array }
    }
  | { readonly kind: 'tick'; readonly position: number; readonly at: number }
  /** Cannot be read: its quarantine record comes with the same request. */
  | { readonly kind: 'unreadable'; readonly position: number; readonly at: number }

export interface LaneAppendRequest {
  /** In the order of their positions. */
  readonly items: readonly LaneItem[]
  /** One for each unreadable item, in their order; kept when the item is written, so not once for every stage. */
  readonly quarantined: readonly QuarantineRecord[]
}

/** What stands in the lane for one item, in order: the same answer to everyone who asks. */
export type LaneAppended =
  | { readonly status: 'accepted'; readonly offset: number; readonly at: number }
  /** Seen before on (tenant, channel, sourceMessageId), in this lane or another; or unreadable. */
  | { readonly status: 'left-out' }

export interface LaneOptions {
  /**
   * A scope of copies: the lane's feedback stands in other lanes already. It is deduplicated among the lanes of the
   * same scope alone, and not counted by the hour.
   */
  readonly copies?: string
}

/**
 * The journal of one partition, kept in the store by whichever stage comes first. Its offsets have no gaps and begin
 * at 1; each remembers the position in the partition it came from.
 */
export interface LaneJournal {
  /**
   * Writes what is not there yet, in order, and counts new feedback by the hour. Items that were written before, by
   * this process or another, are answered as they were then. An entry's instant is its item's, never before that of
   * the entry before it.
   */
  append(request: LaneAppendRequest): Promise<readonly LaneAppended[]>
  /** Entries from `offset` on, oldest first, about `limit` of them; empty at the end. */
  read(offset: number, limit: number): Promise<readonly JournalEntry[]>
  /** The last entry's offset (0: none yet) and instant, and the position after the last item that was ever written. */
  last(): Promise<{ readonly offset: number; readonly at: number; readonly nextPosition: number }>
}

/** What a store adds that several processes use at once. */
export interface SharedStore {
  /** Undefined when another has it. */
  claim(request: ClaimRequest): Promise<Claim | undefined>
  /** Whether it is still this owner's, and now for another `ttlMs`. */
  renew(claim: Claim, ttlMs: number): Promise<boolean>
  /** Gives it up; a claim that was lost already is left alone. */
  release(claim: Claim): Promise<void>
  /**
   * A transaction that commits only while the claim is its owner's: whoever takes it meanwhile waits for the end.
   *
   * @throws AndonError CLAIM_LOST when another has taken it; nothing is written then
   */
  claimed<T>(claim: Claim, work: (transaction: StoreTransaction) => Promise<T>): Promise<T>
  /** The lane of that name, e.g. `feedback.appliance/3`; its feedback is found by `journal.find` too. */
  lane(name: string, options?: LaneOptions): LaneJournal
  /**
   * Forgets lane entries older than `before` (epoch ms) that no stage will replay: of a lane, those up to the lowest
   * snapshot of the stages named `…@<lane>`. Returns how many.
   */
  trimLanes(before: number): Promise<number>
  /**
   * Calls `listener` soon after any process has committed new or changed actions or signals. A wake-up and no more: it
   * may come for nothing, and one may be missed, so whoever waits looks now and then by itself. Returns the end of it.
   */
  onChange(listener: (changed: 'actions' | 'signals') => void): () => void
}
