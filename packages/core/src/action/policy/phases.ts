import type { Phase } from './phase.js'
import type { PolicyRule } from './policy-document.js'

const notices: PolicyRule = { name: 'notices', when: { production: false }, mode: 'auto' }

/** What Andon may do in a product line, by phase; for what none of its rules matches a person must sign. */
const presets: Readonly<Record<Phase, readonly PolicyRule[]>> = {
  /** Watch it think: nothing of high consequence is even offered, only recorded and reviewed. */
  pilot: [
    notices,
    { name: 'high consequence', when: { consequence: 'high' }, mode: 'shadow' },
    { name: 'production', mode: 'advise' },
  ],
  /** Small reversible steps by itself, slowly enough to be watched. */
  extension: [
    notices,
    { name: 'high consequence', when: { consequence: 'high' }, mode: 'signed', signatures: [{ count: 1 }] },
    {
      name: 'small and reversible',
      when: { consequence: ['low', 'medium'], reversible: true },
      mode: 'auto',
      grace: 30,
      limits: { per_hour: 4, blast_radius: { units: 50, batches: 1, orders: 1 } },
    },
    { name: 'production', mode: 'advise' },
  ],
  /** What is reversible by itself; the way back out of a hold stays with people. */
  optimisation: [
    notices,
    { name: 'release', when: { kind: 'material.release' }, mode: 'signed', signatures: [{ count: 2 }] },
    {
      name: 'reversible',
      when: { reversible: true },
      mode: 'auto',
      grace: 15,
      limits: { per_hour: 12, blast_radius: { units: 500, batches: 5, orders: 20 } },
    },
    { name: 'production', mode: 'advise' },
  ],
}

/** The rules of a phase: they bound every action in a product line that is in it. */
export const phaseRules = (phase: Phase): readonly PolicyRule[] => presets[phase]

/** One step down at once, on harm. */
export function demoted(phase: Phase): Phase {
  return phase === 'optimisation' ? 'extension' : 'pilot'
}

/** The phase that follows; undefined after the last. */
export function following(phase: Phase): Phase | undefined {
  switch (phase) {
    case 'pilot':
      return 'extension'
    case 'extension':
      return 'optimisation'
    case 'optimisation':
      return undefined
  }
}
