import type { CallContext, Target } from '../connector/target.js'
import { isAndonError } from '../errors/index.js'
import type { AvailabilityLog, StageName } from './availability.js'

/**
 * A target whose answers are taken note of: it is down from the first call that it does not answer until the next that
 * it does. A refusal is an answer.
 */
export function watchedTarget(name: string, target: Target, log: AvailabilityLog): Target {
  const stage: StageName = `actuation/${name}`
  async function note<T>({ signal }: CallContext, work: Promise<T>): Promise<T> {
    // A call that ignores its deadline is left behind, and may never end.
    const late = (): void => {
      if (isAndonError(signal.reason, 'TARGET_TIMEOUT')) log.failed(stage)
    }
    signal.addEventListener('abort', late, { once: true })
    try {
      const result = await work
      log.worked(stage)
      return result
    } catch (error) {
      if (isAndonError(error) && !error.retryable) log.worked(stage)
      else if (!signal.aborted) log.failed(stage)
      throw error
    } finally {
      signal.removeEventListener('abort', late)
    }
  }
  const { lookUp, revert, observe, trace, close } = target
  return {
    contract: target.contract,
    name: target.name,
    capabilities: target.capabilities,
    handles: target.handles,
    execute: (action, context) => note(context, target.execute(action, context)),
    ...(lookUp && { lookUp: (action, context) => note(context, lookUp.call(target, action, context)) }),
    ...(revert && {
      revert: (action, receipt, context) => note(context, revert.call(target, action, receipt, context)),
    }),
    ...(observe && {
      observe: (subjects, context) => note(context, observe.call(target, subjects, context)),
    }),
    ...(trace && { trace: (question, context) => note(context, trace.call(target, question, context)) }),
    async check() {
      try {
        const health = await target.check()
        if (health.ok) log.worked(stage)
        else log.failed(stage)
        return health
      } catch (error) {
        log.failed(stage)
        throw error
      }
    },
    ...(close && { close: () => close.call(target) }),
  }
}
