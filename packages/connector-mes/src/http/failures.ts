import { AndonError } from '@andon/core/errors'

/**
 * What an MES says no to, with its code: 409 `changed_since`, 422 `out_of_limits` … Adapters throw it, too. Whatever else
 * an adapter throws counts as an unknown outcome: the action id is looked up before anything is asked again.
 */
export class MesRefusal extends Error {
  override readonly name = 'MesRefusal'

  /**
   * @param code of the published contract, or the system's own
   * @param detail for people; never a secret
   * @param status HTTP, where there was one
   */
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly status?: number,
  ) {
    super(`${code}: ${detail}`)
  }
}

/** Refusals after which trying again may help: somebody else has it locked for a moment. */
const passing: readonly string[] = ['busy']

/** The outcome is unknown, or nothing was done and trying again may help. */
export const unavailable = (target: string, problem: string, cause: unknown): AndonError =>
  new AndonError('TARGET_UNAVAILABLE', { details: { target, problem }, cause })

/** A refusal as the engine understands it. */
export function refused(target: string, refusal: MesRefusal): AndonError {
  const problem = `${refusal.code}, ${refusal.detail}`
  if (passing.includes(refusal.code)) return unavailable(target, problem, refusal)
  return new AndonError('TARGET_REFUSED', { details: { target, problem }, cause: refusal })
}
