import type { Kept } from './notifications.js'

/** Who wants a batch restricted. */
export interface Holders {
  /** The actions of Andon that hold it. */
  readonly ours: ReadonlySet<string>
  /** Somebody else does: a person in SAP, another system. */
  readonly others: boolean
}

/**
 * Who holds a batch, as the records of Andon tell. Each says how the batch stood before it: restricted although nobody
 * was known to hold it means that others do. A release ends all that there was; taken back, it brings back what was not
 * taken back in the meantime. A hold that was written down and never made counts: it is safer to leave a batch
 * restricted.
 *
 * @param records of the batch, oldest first
 */
export function holdersOf(records: readonly Kept[]): Holders {
  const ours = new Set<string>()
  let others = false
  /** What a release ended, by its action. */
  const ended = new Map<string, { readonly ours: Set<string>; readonly others: boolean }>()
  /** What the reversal of a release brings back, by its action. */
  const broughtBack = new Map<string, ReadonlySet<string>>()
  for (const { record } of records) {
    // A stock transfer has no such state: it restricts nothing.
    if (typeof record?.before.restricted !== 'boolean') continue
    const { action, kind, reverts, before } = record
    const holds = kind === 'material.hold'
    // What is written down again has not been made yet: neither the hold, nor what a reversal brings back, is what
    // restricts the batch.
    const notMade = (hold: string): boolean =>
      reverts ? broughtBack.get(action)?.has(hold) === true : hold === action
    const expected = others || [...ours].some((hold) => !notMade(hold))
    if (!before.restricted) others = false
    else if (!expected) others = true

    if (holds && reverts) {
      ours.delete(action)
      for (const release of ended.values()) release.ours.delete(action)
    } else if (holds) ours.add(action)
    else if (reverts) {
      const release = ended.get(action)
      if (!broughtBack.has(action)) {
        broughtBack.set(action, new Set([...(release?.ours ?? [])].filter((hold) => !ours.has(hold))))
      }
      for (const hold of release?.ours ?? []) ours.add(hold)
      others ||= release?.others === true
    } else {
      if (before.restricted && !ended.has(action)) ended.set(action, { ours: new Set(ours), others })
      ours.clear()
      others = false
    }
  }
  return { ours, others }
}
