import { type AndonError, isAndonError } from '@andon/core/errors'
import { unavailable } from '../http/failures.js'
import type { Kept } from './notifications.js'

/** The records that count, oldest first: without those whose change SAP has refused, and without what says so. */
export function standing(records: readonly Kept[]): readonly Kept[] {
  const changeOf = ({ record, reverts }: Kept): string => JSON.stringify([record?.action, reverts])
  const refused = new Map<string, number>()
  for (const [index, kept] of records.entries()) {
    if (kept.record?.refused === true) refused.set(changeOf(kept), index)
  }
  return records.filter((kept, index) => index > (refused.get(changeOf(kept)) ?? -1))
}

/**
 * Does what comes after a record. Where it is refused for good, nothing of it stands and nobody comes back to it: so
 * that is written down, too, or the record would count for ever. Refused credentials write nothing, and the record
 * stays.
 *
 * @param voided writes down that the change was refused
 * @throws AndonError as the work does; TARGET_UNAVAILABLE where it could not be written down
 */
export async function voidedIfRefused<T>(
  target: string,
  voided: (refusal: AndonError) => Promise<unknown>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (refusal) {
    if (isAndonError(refusal, 'TARGET_REFUSED') && !isLogon(refusal)) await written(target, voided, refusal)
    throw refusal
  }
}

/** No further try: SAP locks users. */
const isLogon = ({ details }: AndonError): boolean => details.status === 401

async function written(
  target: string,
  voided: (refusal: AndonError) => Promise<unknown>,
  refusal: AndonError,
): Promise<void> {
  try {
    await voided(refusal)
  } catch (error) {
    if (!isAndonError(error, 'TARGET_REFUSED')) throw error
    if (isLogon(error)) return
    throw unavailable(
      target,
      {
        en: `it was refused, and so was the record of that: ${refusal.message}`,
        zh: `操作被拒绝，且对此的记录也被拒绝：${refusal.describe('zh')}`,
      },
      error,
    )
  }
}

/** What people read in the notification that voids a record. */
export const refusedWords = (refusal: AndonError): readonly string[] => [
  'SAP has refused this change: nothing of it stands.',
  'SAP 已拒绝此更改：未产生任何效果。',
  refusal.message,
]
