import type { Redactor } from '@andon/core/connector'
import * as z from 'zod'
import { refused, type Speaker, unavailable } from '../failures.js'

/** A secret, or who is asked for it each time it is needed, so that a vault can serve and change it. */
export type Secret = string | (() => string | Promise<string>)

export const secretSchema = z.union([
  z.string().min(1),
  z.custom<() => string | Promise<string>>(
    (value) => typeof value === 'function',
    'must be a text or a function',
  ),
])

/**
 * The secret itself, known to the redactor from then on.
 *
 * @throws AndonError retryable when the function failed, not when it gave nothing
 */
export async function tell(secret: Secret, speaker: Speaker, redactor: Redactor): Promise<string> {
  let told: unknown
  try {
    told = typeof secret === 'string' ? secret : await secret()
  } catch (error) {
    // Whatever a vault's client puts into its errors stays there.
    const kind = error instanceof Error ? error.name : typeof error
    const cause = new Error(`the function that tells it threw ${kind}`)
    throw unavailable(speaker, { en: 'the secret could not be had', zh: '无法取得凭据' }, cause)
  }
  if (typeof told !== 'string' || told === '') {
    const cause = new TypeError('the function that tells it gave no text')
    throw refused(speaker, { en: 'the secret is empty', zh: '凭据为空' }, cause)
  }
  redactor.keep(told, 'credential')
  return told
}
