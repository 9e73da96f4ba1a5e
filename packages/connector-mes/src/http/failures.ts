import type { Localized } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'

/** What somebody else said is the same in every language. */
type Said = string | Localized

const inBoth = (said: Said): Localized => (typeof said === 'string' ? { en: said, zh: said } : said)

/**
 * What an MES says no to, with its code: 409 `changed_since`, 422 `out_of_limits` … Adapters throw it, too. Whatever else
 * an adapter throws counts as an unknown outcome: the action id is looked up before anything is asked again.
 */
export class MesRefusal extends Error {
  override readonly name = 'MesRefusal'
  readonly detail: Localized

  /**
   * @param code of the published contract, or the system's own
   * @param detail for people, in both languages where they are known; never a secret
   * @param status HTTP, where there was one
   */
  constructor(
    readonly code: string,
    detail: Said,
    readonly status?: number,
  ) {
    const both = inBoth(detail)
    super(`${code}: ${both.en}`)
    this.detail = both
  }
}

/** Refusals after which trying again may help: somebody else has it locked for a moment. */
const passing: readonly string[] = ['busy']

/** The outcome is unknown, or nothing was done and trying again may help. */
export const unavailable = (target: string, problem: Said, cause: unknown): AndonError =>
  failure('TARGET_UNAVAILABLE', target, inBoth(problem), cause)

const failure = (
  code: 'TARGET_UNAVAILABLE' | 'TARGET_REFUSED',
  target: string,
  { en, zh }: Localized,
  cause: unknown,
): AndonError => new AndonError(code, { details: { target, problem: en }, chinese: { problem: zh }, cause })

/** Before the first byte. */
export const cancelled = (target: string): AndonError =>
  unavailable(target, { en: 'cancelled before anything was sent', zh: '发送前已取消' }, new Error('aborted'))

/** A refusal as the engine understands it. */
export function refused(target: string, refusal: MesRefusal): AndonError {
  const { code, detail } = refusal
  const problem = { en: `${code}, ${detail.en}`, zh: `${code}，${detail.zh}` }
  return failure(passing.includes(code) ? 'TARGET_UNAVAILABLE' : 'TARGET_REFUSED', target, problem, refusal)
}
