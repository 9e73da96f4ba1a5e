import type { JsonObject } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import { changeByEtag } from '../odata/etag.js'
import type { Changed, Tagged } from '../odata/v2-service.js'
import type { Kept } from './notifications.js'
import { agrees } from './receipts.js'
import { voidedIfRefused } from './refused-changes.js'
import type { TurnedAwayChange } from './turned-away.js'

/** A change of something that has a state and no place for an action id. */
export interface StateChange<E> {
  /** Of the target: errors name it. */
  readonly name: string
  /** The records of this change that are there already, oldest first. */
  readonly known: readonly Kept[]
  readonly first: Tagged<E>
  readonly stateOf: (entity: E) => JsonObject
  /** How it is to stand, as far as it is changed; may refuse what is found. */
  readonly wanted: (entity: E) => JsonObject
  /** Writes the record of the change, with the state before it. */
  readonly record: (before: JsonObject) => Promise<Kept>
  readonly write: (etag: string, wanted: JsonObject) => Promise<Changed<E>>
  readonly read: () => Promise<Tagged<E>>
  /** Writes down that the change was refused, so that its records do not count. */
  readonly voided: (refusal: AndonError) => Promise<unknown>
  /** Of this change, over all tries. */
  readonly turnedAway: TurnedAwayChange
}

export interface StateChanged<E> {
  readonly entity: E
  /** The first record: what the change is known by. */
  readonly reference: Kept
  /** How it stood before the change; undefined when the record cannot be read any more. */
  readonly before: JsonObject | undefined
  /** False when it stood as wanted already and the change had been recorded before: an earlier try did it. */
  readonly wrote: boolean
}

/**
 * Records the change, then makes it. Decides on what is found each time: as wanted is done; as recorded is to be
 * changed; anything else was changed by others since, so the record is written anew with it before it is changed.
 *
 * What this cannot tell: somebody else brings it to the wanted state between a try whose answer was lost and the next
 * one; or at the moment of a try, and the process is killed before the record of that is written. Then the change counts
 * as ours, and its reversal takes it away. And a write whose time was up may come through late, between the read and the
 * write of the next try: that one is turned away, so our own change counts as others', and its reversal leaves it there.
 * That is the safe side; time limits above the longest dialog step of SAP avoid it.
 */
export async function changeState<E>(change: StateChange<E>): Promise<StateChanged<E>> {
  const { name, known, first, stateOf, record, write, read, turnedAway } = change
  // Whoever refuses what is found does so before anything is written down.
  let wanted = known.length === 0 ? change.wanted(first.entity) : {}
  const reference = known[0] ?? (await record(stateOf(first.entity)))
  let latest = known.at(-1) ?? reference
  let wrote = known.length === 0

  const entity = await voidedIfRefused(name, change.voided, () =>
    changeByEtag({
      name,
      first,
      decide: async (found) => {
        const state = stateOf(found)
        wanted = change.wanted(found)
        const done = agrees(state, wanted)
        const before = latest.record?.before
        // A write of ours that was turned away is not what brought it there: others were, or an earlier one that was late.
        const byOthers = before !== undefined && !agrees(before, state) && (!done || turnedAway.was)
        if (byOthers) latest = await record(state)
        turnedAway.was = false
        return !done
      },
      write: async (etag) => {
        wrote = true
        const changed = await write(etag, wanted)
        turnedAway.was = changed.outcome === 'stale'
        return changed
      },
      read,
    }),
  )
  return { entity, reference, before: latest.record?.before, wrote }
}
