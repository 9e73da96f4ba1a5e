import { hash } from 'node:crypto'
import { nameKey } from '../journal/keys.js'

/**
 * Locks on names that have no row yet (advisory locks, released with the transaction). A server has room for some
 * thousands of them, so names share stripes: a thousand new findings take 256 locks, and two that meet in a stripe
 * wait for each other a little longer than they need.
 */
const stripes = 256
const kinds = ['signal', 'belief', 'kept'] as const

/** The first half of the lock's number: stores in other schemas of the database have others. */
export const lockClass = (schema: string): number =>
  hash('sha256', `andon ${schema}`, 'buffer').readInt32BE(0)

/** The second half. */
export const stripeOf = (kind: (typeof kinds)[number], name: string): number =>
  kinds.indexOf(kind) * stripes + (nameKey(name)[0] ?? 0)
