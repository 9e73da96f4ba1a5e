/**
 * A target whose calls are delivered twice at once now and then, as an impatient network or a second worker would;
 * which of the two answers counts is chance.
 *
 * @template {import('@andon/core/connector').Target} T
 * @param {T} target
 * @param {() => number} random
 * @returns {T}
 */
export function calledTwice(target, random) {
  /** @template R @param {() => Promise<R>} call @returns {Promise<R>} */
  const deliver = (call) => {
    if (random() > 0.3) return call()
    const [first, second] = random() < 0.5 ? [call(), call()] : [call(), call()].reverse()
    second?.catch(() => undefined)
    return /** @type {Promise<R>} */ (first)
  }
  const { revert } = target
  return {
    ...target,
    execute: (action, context) => deliver(() => target.execute(action, context)),
    ...(revert && { revert: (action, receipt, context) => deliver(() => revert(action, receipt, context)) }),
  }
}
