import type { Action } from '../action/action.js'
import { signalMoved } from './life.js'
import type { Signal, Verification } from './signal.js'

/** How the effect of an action is judged: complaints per hour before against after. */
export interface VerificationPlan {
  /** Complaints in this time after the action concern what had left the plant before; they are not counted. */
  readonly settleMs: number
  /** How long complaints are counted. */
  readonly windowMs: number
  /** Smallest share by which they must fall, 0 to 1. */
  readonly minimumEffect: number
}

const hour = 3_600_000

/** The signal once a production action has succeeded; undefined when it is past that already. */
export function containedBy(
  signal: Signal,
  action: Action,
  now: number,
  { settleMs, windowMs, minimumEffect }: VerificationPlan,
): Signal | undefined {
  if (signal.status !== 'open' && signal.status !== 'acknowledged') return undefined
  const verification: Verification = {
    actionId: action.id,
    since: now + settleMs,
    dueAt: now + settleMs + windowMs,
    minimumEffect,
    rateBefore: rate(signal, Math.max(now - windowMs, firstHour(signal)), now),
  }
  return signalMoved(signal, 'contained', now, { verification })
}

/** Moves a contained signal on in time: counting begins, then the verdict closes it or opens it again. */
export function verified(signal: Signal, now: number): Signal | undefined {
  const { verification } = signal
  if (verification === undefined) return undefined
  if (signal.status === 'contained' && now >= verification.since) return signalMoved(signal, 'verifying', now)
  if (signal.status !== 'verifying' || now < verification.dueAt) return undefined
  const { since, dueAt, rateBefore, minimumEffect } = verification
  const rateAfter = rate(signal, since, dueAt)
  const effective = rateAfter <= rateBefore * (1 - minimumEffect)
  return signalMoved(signal, effective ? 'closed' : 'open', now, {
    verification: { ...verification, rateAfter, verdict: effective ? 'effective' : 'not effective' },
  })
}

/** When `verified` will have something to say next (epoch ms). */
export function nextVerification({ status, verification }: Signal): number | undefined {
  if (verification === undefined) return undefined
  if (status === 'contained') return verification.since
  return status === 'verifying' ? verification.dueAt : undefined
}

/** Matching feedbacks per hour in [from, to); hours cut by an end count with their share. */
function rate({ hours }: Signal, from: number, to: number): number {
  let count = 0
  for (const [key, value] of Object.entries(hours)) {
    const start = Number(key) * hour
    const overlap = Math.min(to, start + hour) - Math.max(from, start)
    if (overlap > 0) count += value * Math.min(1, overlap / hour)
  }
  return to > from ? count / ((to - from) / hour) : 0
}

function firstHour({ hours, openedAt }: Signal): number {
  return Math.min(openedAt, ...Object.keys(hours).map((key) => Number(key) * hour))
}
