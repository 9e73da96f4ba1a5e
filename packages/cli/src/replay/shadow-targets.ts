import { AndonError, defineTarget } from '@andon/core'
import type { Target } from '@andon/core/connector'
import type { Rule } from '@andon/core/rule'

/** Told to the host by events; they need no target. */
const hostKinds: readonly string[] = ['escalate', 'notify']
const unnamed = 'shadow'

/** Stand-ins for every target that rules name or need: a replay proposes actions and carries none out. */
export function shadowTargets(rules: readonly Rule[]): Readonly<Record<string, Target>> {
  const kinds = new Map<string, Set<string>>()
  const actions = rules.flatMap((rule) => rule.actions)
  for (const { kind, target } of actions) {
    if (target !== undefined) kinds.set(target, (kinds.get(target) ?? new Set()).add(kind))
  }
  for (const { kind, target } of actions) {
    if (target !== undefined || hostKinds.includes(kind)) continue
    if ([...kinds.values()].some((handled) => handled.has(kind))) continue
    kinds.set(unnamed, (kinds.get(unnamed) ?? new Set()).add(kind))
  }
  return Object.fromEntries([...kinds].map(([name, handled]) => [name, shadowTarget(name, [...handled])]))
}

function shadowTarget(name: string, handles: readonly string[]): Target {
  return defineTarget({
    name,
    capabilities: { shadow: true },
    handles,
    execute: async () => {
      throw new AndonError('TARGET_REFUSED', {
        details: { target: name, problem: 'a replay carries nothing out' },
      })
    },
    check: async () => ({ ok: true }),
  })
}
