import { type Belief, type StoreTransaction, type Subject, subjectKey } from '@andon/core/connector'
import { int4Array, storable, textArray } from '../database/arrays.js'
import { bodyOf } from '../database/row.js'
import type { Session } from '../database/session.js'
import { type Statement, statements } from '../database/statement.js'
import { lockClass, stripeOf } from './absent-locks.js'

type BeliefWriting = Pick<StoreTransaction, 'getBelief' | 'putBeliefs' | 'removeBeliefs'>

export type BeliefStatements = Readonly<Record<keyof ReturnType<typeof texts>, Statement>>

const texts = (schema: string) => ({
  lock_beliefs: `SELECT pg_advisory_xact_lock(${lockClass(schema)}, stripe) FROM unnest($1::int[]) AS stripe`,
  get_belief: 'SELECT body FROM $schema.beliefs WHERE target = $1 AND tenant = $2 AND subject = $3',
  put_beliefs: `INSERT INTO $schema.beliefs SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
    ON CONFLICT (target, tenant, subject) DO UPDATE SET body = excluded.body`,
  remove_beliefs: `DELETE FROM $schema.beliefs
    WHERE target = $1 AND tenant = $2 AND subject = ANY ($3::text[])`,
})

export const beliefStatements = (schema: string): BeliefStatements => statements(schema, texts(schema))

const nameOf = ({ target, tenant, subject }: Pick<Belief, 'target' | 'tenant' | 'subject'>): string =>
  JSON.stringify([target, tenant, subjectKey(subject)])

/** What is believed of the plant: a thing's name is locked before its belief is read or written. */
export function beliefWriting(session: Session, sql: BeliefStatements): BeliefWriting {
  const lock = (beliefs: readonly Pick<Belief, 'target' | 'tenant' | 'subject'>[]): void => {
    const stripes = new Set(beliefs.map((belief) => stripeOf('belief', nameOf(belief))))
    session.later(sql.lock_beliefs, [int4Array([...stripes].sort((left, right) => left - right))])
  }
  const subjectsOf = (subjects: readonly Subject[]) => textArray(subjects.map(subjectKey))
  return {
    async getBelief(tenant, target, subject) {
      lock([{ tenant, target, subject }])
      const key = storable(subjectKey(subject))
      const [row] = await session.run(sql.get_belief, [storable(target), storable(tenant), key])
      return bodyOf<Belief>(row)
    },
    async putBeliefs(beliefs) {
      if (beliefs.length === 0) return
      const last = [...new Map(beliefs.map((belief) => [nameOf(belief), belief])).values()]
      lock(last)
      session.later(sql.put_beliefs, [
        textArray(last.map(({ target }) => target)),
        textArray(last.map(({ tenant }) => tenant)),
        subjectsOf(last.map(({ subject }) => subject)),
        textArray(last.map((belief) => JSON.stringify(belief))),
      ])
    },
    async removeBeliefs(tenant, target, subjects) {
      if (subjects.length === 0) return
      lock(subjects.map((subject) => ({ tenant, target, subject })))
      session.later(sql.remove_beliefs, [storable(target), storable(tenant), subjectsOf(subjects)])
    },
  }
}
