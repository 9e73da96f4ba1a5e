import type { AuditEvent } from '../../connector/audit.js'
import type { Belief } from '../../connector/belief.js'
import type { Localized } from '../../text.js'
import type { Comparison } from './compare.js'
import type { Difference, Reconciliation, Unresolved } from './result.js'

interface Numbers {
  compared: number
  matching: number
  differences: number
  unresolved: number
  proposals: number
}

/** Counts what has been compared, by tenant, and keeps the first differences in full. */
export class Tally {
  readonly #at: number
  readonly #most: number
  readonly #tenants = new Map<string, Numbers>()
  readonly #differences: Difference[] = []
  readonly #unresolved: Unresolved[] = []
  readonly #proposals: string[] = []
  #targetsWithout = 0
  #withoutProposal = 0

  constructor(at: number, most: number) {
    this.#at = at
    this.#most = most
  }

  get compared(): number {
    return this.#sum('compared')
  }

  get proposals(): number {
    return this.#proposals.length
  }

  numbersOf(tenant: string): Numbers {
    const known = this.#tenants.get(tenant)
    if (known !== undefined) return known
    const numbers = { compared: 0, matching: 0, differences: 0, unresolved: 0, proposals: 0 }
    this.#tenants.set(tenant, numbers)
    return numbers
  }

  /** Counts one comparison in; gives the differences that are told in full. */
  add(belief: Belief, { matching, differing, missing }: Comparison): readonly Difference[] {
    const { target, tenant, subject, actionId } = belief
    const numbers = this.numbersOf(tenant)
    numbers.compared += matching + differing.length
    numbers.matching += matching
    numbers.differences += differing.length
    for (const field of missing) {
      this.unresolved(belief, {
        en: `The target does not tell ${field}.`,
        zh: `目标系统未提供 ${field}。`,
      })
    }
    const told = differing
      .slice(0, Math.max(0, this.#most - this.#differences.length))
      .map(({ field, believed, found }) => ({ target, tenant, subject, field, believed, found, actionId }))
    this.#differences.push(...told)
    return told
  }

  unresolved({ target, tenant, subject }: Belief, reason: Localized): void {
    this.numbersOf(tenant).unresolved++
    if (this.#unresolved.length < this.#most) this.#unresolved.push({ target, subject, reason })
  }

  targetWithout(target: string, reason: Localized): void {
    this.#targetsWithout++
    this.#unresolved.push({ target, reason })
  }

  proposed(tenant: string, id: string): void {
    this.numbersOf(tenant).proposals++
    this.#proposals.push(id)
  }

  notProposed(): void {
    this.#withoutProposal++
  }

  result(): Reconciliation {
    const [compared, matching] = [this.#sum('compared'), this.#sum('matching')]
    return {
      at: this.#at,
      compared,
      matching,
      share: compared === 0 ? 1 : matching / compared,
      differences: this.#differences,
      moreDifferences: this.#sum('differences') - this.#differences.length,
      unresolved: this.#unresolved,
      moreUnresolved: this.#sum('unresolved') + this.#targetsWithout - this.#unresolved.length,
      proposals: this.#proposals,
      withoutProposal: this.#withoutProposal,
    }
  }

  /** One line for the audit log of each tenant. */
  events(): readonly AuditEvent[] {
    return [...this.#tenants].map(([tenant, numbers]) => ({
      tenant,
      at: this.#at,
      what: 'reconcile.done',
      data: { ...numbers },
    }))
  }

  #sum(name: keyof Numbers): number {
    return [...this.#tenants.values()].reduce((sum, numbers) => sum + numbers[name], 0)
  }
}
