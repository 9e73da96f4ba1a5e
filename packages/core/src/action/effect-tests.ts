import type { EffectTest } from './action.js'

/** The metric that Andon counts itself: feedback that matches the signal's rule, per hour. */
export const complaintRate = 'complaint rate'

/** How the effect of an action is judged when its policy names no tests: complaints per hour before against after. */
export interface VerificationPlan {
  /** Complaints in this time after the action concern what had left the plant before; they are not counted. */
  readonly settleMs: number
  /** How long complaints are counted; they are counted by whole hours. */
  readonly windowMs: number
  /** Smallest share by which they must fall, 0 to 1. */
  readonly minimumEffect: number
}

/**
 * The tests that are registered with a production action, in the order in which they are judged: what the line itself
 * shows soon and plainly comes before what customers say late and seldom.
 */
export function effectTests(
  wanted: readonly EffectTest[] | undefined,
  plan: VerificationPlan,
): readonly EffectTest[] {
  if (wanted === undefined || wanted.length === 0) {
    return [{ metric: complaintRate, direction: 'down', ...plan, onFailure: 'reopen' }]
  }
  const isProxy = ({ metric }: EffectTest): boolean => metric !== complaintRate
  return [...wanted.filter(isProxy), ...wanted.filter((test) => !isProxy(test))]
}
