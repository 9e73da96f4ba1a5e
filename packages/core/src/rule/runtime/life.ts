import type { JsonObject } from '../../json.js'

/** How long a condition has to hold and how it ends; lengths in milliseconds. */
export interface LifeTerms {
  /** FOR */
  readonly holdFor: number
  /** KEEP FIRING FOR */
  readonly keepFiringFor: number
  /** ONCE PER */
  readonly oncePer: number | undefined
}

export type Phase = 'inactive' | 'pending' | 'firing' | 'recovering'

/** Where one rule stands with one group. Plain data: it is its own snapshot. */
export interface Life extends JsonObject {
  readonly phase: Phase
  /** When the phase began (journal instant, epoch ms). */
  readonly since: number
  readonly lastFired: number | null
  readonly firings: number
  /** It would have fired, but another rule inhibits it. */
  readonly owed: boolean
}

export const noLife: Life = { phase: 'inactive', since: 0, lastFired: null, firings: 0, owed: false }

/** What is known of the condition at an instant. */
export interface Look {
  readonly at: number
  /** HAVING is true. */
  readonly holds: boolean
  /** What RESOLVE WHEN says; without that clause, that HAVING is not true. */
  readonly resolves: boolean
  readonly inhibited: boolean
}

export interface Step {
  readonly life: Life
  readonly fires: boolean
}

/** A rule that is firing or keeps firing: what it inhibits is silent. */
export const isActive = ({ phase }: Life): boolean => phase === 'firing' || phase === 'recovering'

/** Whether ONCE PER lets it fire. */
export function mayFire({ lastFired }: Life, oncePer: number | undefined, at: number): boolean {
  return oncePer === undefined || lastFired === null || at - lastFired >= oncePer
}

/**
 * Moves a life on: inactive → pending (FOR) → firing → recovering (KEEP FIRING FOR) → inactive. It fires when it
 * begins to be firing, and with ONCE PER again whenever that is over and the condition still holds; what was
 * inhibited fires once the inhibition is over.
 */
export function step(life: Life, look: Look, terms: LifeTerms): Step {
  const phase = nextPhase(life, look, terms)
  const moved = phase === life.phase ? life : { ...life, phase, since: look.at }
  if (phase !== 'firing' || !look.holds) {
    return { life: phase === 'inactive' && moved.owed ? { ...moved, owed: false } : moved, fires: false }
  }
  const rises = !isActive(life)
  const wants = terms.oncePer === undefined ? rises || life.owed : mayFire(life, terms.oncePer, look.at)
  if (!wants) return { life: moved, fires: false }
  if (look.inhibited) return { life: { ...moved, owed: true }, fires: false }
  return {
    life: { ...moved, owed: false, lastFired: look.at, firings: life.firings + 1 },
    fires: true,
  }
}

function nextPhase(life: Life, { at, holds, resolves }: Look, terms: LifeTerms): Phase {
  const ended = terms.keepFiringFor > 0 ? 'recovering' : 'inactive'
  switch (life.phase) {
    case 'inactive':
      if (!holds) return 'inactive'
      return terms.holdFor > 0 ? 'pending' : 'firing'
    case 'pending':
      if (!holds) return 'inactive'
      return at - life.since >= terms.holdFor ? 'firing' : 'pending'
    case 'firing':
      return holds || !resolves ? 'firing' : ended
    case 'recovering':
      if (holds) return 'firing'
      return at - life.since >= terms.keepFiringFor ? 'inactive' : 'recovering'
  }
}

/** When time alone moves it on next, after it was looked at: FOR or KEEP FIRING FOR is over, or ONCE PER. */
export function lifeDue(
  { phase, since, lastFired }: Life,
  { holdFor, keepFiringFor, oncePer }: LifeTerms,
): number {
  switch (phase) {
    case 'inactive':
      return Number.POSITIVE_INFINITY
    case 'pending':
      return since + holdFor
    case 'firing':
      return oncePer === undefined || lastFired === null ? Number.POSITIVE_INFINITY : lastFired + oncePer
    case 'recovering':
      return since + keepFiringFor
  }
}
