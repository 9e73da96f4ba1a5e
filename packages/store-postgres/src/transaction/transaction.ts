import type { StoreTransaction } from '@andon/core/connector'
import type { Session } from '../database/session.js'
import type { Ended } from '../database/transactions.js'
import type { Counts } from '../journal/counts.js'
import type { Changed } from '../shared/bell.js'
import { actionStatements, actionWriting } from './actions.js'
import { beliefStatements, beliefWriting } from './beliefs.js'
import { Ending } from './ending.js'
import { signalStatements, signalWriting } from './signals.js'
import { valueStatements, valueWriting } from './values.js'

/** What a work gave, and what of interest to others it has changed. */
export interface Transacted<T> extends Ended {
  readonly value: T
  readonly changes: ReadonlySet<Changed>
}

export type Transact = <T>(
  session: Session,
  work: (transaction: StoreTransaction) => Promise<T>,
) => Promise<Transacted<T>>

/**
 * What may be done inside a transaction of the store, so that the outcome is that of one transaction after another
 * (read committed, with locks on what is read):
 *
 * 1. the claim's row, shared (`claimed`), so that a new owner waits for the end;
 * 2. signals and actions that are read or written, in the order of the ids within each call; of a signal that does not
 *    exist yet, the name (of two works that add one action, the slower fails like one that met a deadlock);
 * 3. beliefs and kept values, by name;
 * 4. the ends of the audit chains, in the order of the tenants, when the work is done.
 *
 * A work that takes things of the second or third kind in the opposite order of another, over several calls, can meet
 * it in a deadlock. The server ends one of the two, which is told STORE_FAILED, retryable: its work can be run again.
 */
export function transacting(schema: string, counts: Counts): Transact {
  const sql = {
    signals: signalStatements(schema),
    actions: actionStatements(schema),
    beliefs: beliefStatements(schema),
    values: valueStatements(schema),
  }
  return async (session, work) => {
    const changes = new Set<Changed>()
    const signals = signalWriting(session, sql.signals)
    const actions = actionWriting(session, sql.actions)
    const ending = new Ending()
    const value = await work({
      ...signals,
      ...actions,
      ...beliefWriting(session, sql.beliefs),
      ...valueWriting(session, sql.values),
      putSignals(put) {
        if (put.length > 0) changes.add('signals')
        return signals.putSignals(put)
      },
      async addActions(added) {
        const ids = await actions.addActions(added)
        if (ids.length > 0) changes.add('actions')
        return ids
      },
      putActions(put) {
        if (put.length > 0) changes.add('actions')
        return actions.putActions(put)
      },
      appendAudit: async (events) => ending.appendAudit(events),
      setCheckpoint: async (stage, offset) => ending.setCheckpoint(stage, offset),
      addAggregates: async (aggregates) => counts.add(session, aggregates),
    })
    return { value, changes, ending: ending.values() }
  }
}
