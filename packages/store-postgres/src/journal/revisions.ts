import { hash } from 'node:crypto'
import { contentOf, type FeedbackRecord, type RawRecord } from '@andon/core/feedback'
import { byteaArray, int8Array, textArray, uuidArray } from '../database/arrays.js'
import type { Database } from '../database/database.js'
import { statements } from '../database/statement.js'
import { uuidBytes } from './keys.js'
import type { LogReader } from './log-reader.js'

/** A message that came again. */
export interface SeenAgain {
  readonly key: Buffer
  readonly feedback: () => FeedbackRecord
  readonly at: number
  readonly payload: Uint8Array
  readonly encoding: RawRecord['encoding']
}

export interface KnownMessage {
  readonly feedbackId: string
  /** The content differed, and was kept as a revision. */
  readonly merged: boolean
}

/**
 * Compares messages that came again with the first ones: content that is new is kept as a revision of the first. The
 * answers are in the order of the messages; undefined for one that was forgotten meanwhile.
 */
export type Reviser = (messages: readonly SeenAgain[]) => Promise<readonly (KnownMessage | undefined)[]>

export function reviser(database: Database, reader: LogReader): Reviser {
  const sql = statements(database.settings.schema, {
    seen_by_key:
      'SELECT encode(uuid_send(key), $2) AS key, id, log, place FROM $schema.seen WHERE key = ANY ($1::uuid[])',
    add_revisions: `INSERT INTO $schema.revisions (feedback_id, sha256, at, encoding, payload)
      SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bigint[], $4::text[], $5::bytea[]) ON CONFLICT DO NOTHING`,
  })
  return async (messages) => {
    if (messages.length === 0) return []
    const keys = new Map(messages.map(({ key }) => [key.toString('hex'), key]))
    const rows = await database.run('read the journal', sql.seen_by_key, [
      uuidArray([...keys.values()]),
      'hex',
    ])
    const known = new Map(rows.map((row) => [String(row.key), row]))
    const answers: (KnownMessage | undefined)[] = []
    const changed: { readonly feedbackId: string; readonly message: SeenAgain }[] = []
    for (const message of messages) {
      const row = known.get(message.key.toString('hex'))
      const first = row === undefined ? undefined : await reader.at(Number(row.log), Number(row.place))
      if (first === undefined) {
        answers.push(undefined)
        continue
      }
      const { feedbackId } = first.feedback
      const merged = contentOf(first.feedback) !== contentOf(message.feedback())
      if (merged) changed.push({ feedbackId, message })
      answers.push({ feedbackId, merged })
    }
    if (changed.length > 0) {
      await database.run('write the journal', sql.add_revisions, [
        uuidArray(changed.map(({ feedbackId }) => uuidBytes(feedbackId))),
        byteaArray(changed.map(({ message }) => hash('sha256', message.payload, 'buffer'))),
        int8Array(changed.map(({ message }) => message.at)),
        textArray(changed.map(({ message }) => message.encoding)),
        byteaArray(changed.map(({ message }) => message.payload)),
      ])
    }
    return answers
  }
}
