import type { StoreTransaction } from '@andon/core/connector'

/**
 * A transaction whose claim has been asked for and not answered yet: what is done in it goes to the server behind that,
 * without waiting (one trip less), and resolves when the claim is held.
 *
 * @param held rejects when the claim is lost; every operation rejects with the same then
 */
export function onceHeld(transaction: StoreTransaction, held: Promise<void>): StoreTransaction {
  const behind =
    <Given extends unknown[], Answer>(operation: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      const sent = operation(...given)
      // To its end first: what is refused for want of the claim must not go on when the transaction is over.
      await Promise.allSettled([sent, held])
      await held
      return sent
    }
  return {
    putSignals: behind(transaction.putSignals),
    absentActions: behind(transaction.absentActions),
    addActions: behind(transaction.addActions),
    putActions: behind(transaction.putActions),
    getSignal: behind(transaction.getSignal),
    findSignals: behind(transaction.findSignals),
    getAction: behind(transaction.getAction),
    leaseActions: behind(transaction.leaseActions),
    endLeases: behind(transaction.endLeases),
    getBelief: behind(transaction.getBelief),
    putBeliefs: behind(transaction.putBeliefs),
    removeBeliefs: behind(transaction.removeBeliefs),
    appendAudit: behind(transaction.appendAudit),
    keep: behind(transaction.keep),
    kept: behind(transaction.kept),
    setCheckpoint: behind(transaction.setCheckpoint),
    putSnapshot: behind(transaction.putSnapshot),
    addAggregates: behind(transaction.addAggregates),
    setPosition: behind(transaction.setPosition),
    removeQuarantined: behind(transaction.removeQuarantined),
  }
}
