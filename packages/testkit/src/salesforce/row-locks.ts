import { SalesforceRefusal } from './refusal.js'

export interface RowLocks {
  lock(times: number, of: { readonly object?: string; readonly id?: string }): void
  /** @throws SalesforceRefusal UNABLE_TO_LOCK_ROW while a lock fits */
  guard(object: string, id: string | undefined): void
}

/** Rows that somebody else is writing, for so many attempts. */
export function rowLocks(): RowLocks {
  let locks: readonly { left: number; readonly object?: string; readonly id?: string }[] = []
  return {
    lock(times, of) {
      locks = [...locks, { left: times, ...of }]
    },
    guard(object, id) {
      const lock = locks.find(
        (one) => (one.object ?? object) === object && (one.id === undefined || one.id === id),
      )
      if (lock === undefined) return
      lock.left -= 1
      if (lock.left <= 0) locks = locks.filter((one) => one !== lock)
      throw new SalesforceRefusal(
        'UNABLE_TO_LOCK_ROW',
        'unable to obtain exclusive access to this record or 1 records',
      )
    },
  }
}
