import type { Kept } from './notifications.js'

/** A hold of Andon that nobody has taken back, as the records of its batch tell. */
export interface OpenHold {
  readonly action: string
  /** Others had restricted the batch before Andon came: it must stay so when the hold goes. */
  readonly foreign: boolean
}

/**
 * The holds of Andon on one batch that still stand. A release by an action ends them all; taken back, it brings them
 * back. A hold that was written down and never made counts: it is safer to leave a batch restricted.
 *
 * @param records of the batch, oldest first
 */
export function openHolds(records: readonly Kept[]): readonly OpenHold[] {
  const open = new Map<string, OpenHold>()
  const ended = new Map<string, readonly OpenHold[]>()
  for (const { record } of records) {
    // A stock transfer has no such state: it restricts nothing.
    if (record === undefined || record.before.restricted === undefined) continue
    const { action, kind, reverts, before } = record
    if (kind === 'material.hold' && reverts) open.delete(action)
    else if (kind === 'material.hold') {
      open.set(action, { action, foreign: before.foreign === true })
    } else if (kind === 'material.release' && reverts) {
      for (const hold of ended.get(action) ?? []) open.set(hold.action, hold)
    } else if (kind === 'material.release') {
      ended.set(action, [...open.values()])
      open.clear()
    }
  }
  return [...open.values()]
}
