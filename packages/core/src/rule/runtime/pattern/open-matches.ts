import type { JsonObject } from '../../../json.js'
import type { Value } from '../value.js'

/** A match under way: the values kept of each step so far, and where they stand in the journal. */
export interface OpenMatch extends JsonObject {
  readonly tenant: string
  readonly steps: readonly (readonly Value[])[]
  readonly offsets: readonly number[]
  /** Append instant of the first step (epoch ms). */
  readonly startedAt: number
  /** When it is over (epoch ms); null when it never is by time. */
  readonly due: number | null
}

/** Matches that wait for the same step, found by what the next feedback must share with them. */
export class OpenMatches {
  /** By key, each in the order in which they began to wait. */
  readonly #waiting = new Map<string, Set<OpenMatch>>()
  /** All of them in that order, which nearly is that in which they are due. */
  readonly #keys = new Map<OpenMatch, string>()

  get size(): number {
    return this.#keys.size
  }

  /** When the one that has waited longest began (epoch ms). */
  get oldestStart(): number | undefined {
    for (const match of this.#keys.keys()) return match.startedAt
    return undefined
  }

  /** When the one that has waited longest is due. */
  get nextDue(): number | undefined {
    for (const match of this.#keys.keys()) return match.due ?? undefined
    return undefined
  }

  add(key: string, match: OpenMatch): void {
    const known = this.#waiting.get(key)
    if (known === undefined) this.#waiting.set(key, new Set([match]))
    else known.add(match)
    this.#keys.set(match, key)
  }

  /** Those with that key, oldest first; a copy, so that they may be deleted on the way. */
  withKey(key: string): readonly OpenMatch[] {
    const known = this.#waiting.get(key)
    return known === undefined ? [] : [...known]
  }

  delete(match: OpenMatch): void {
    const key = this.#keys.get(match)
    if (key === undefined) return
    this.#keys.delete(match)
    const known = this.#waiting.get(key)
    known?.delete(match)
    if (known?.size === 0) this.#waiting.delete(key)
  }

  /** Takes out those at the front that are due. */
  takeDue(at: number): readonly OpenMatch[] {
    const due: OpenMatch[] = []
    for (const match of this.#keys.keys()) {
      if (match.due === null || match.due > at) break
      due.push(match)
    }
    for (const match of due) this.delete(match)
    return due
  }

  /** Forgets the one that has waited longest. */
  forgetOldest(): void {
    for (const match of this.#keys.keys()) {
      this.delete(match)
      return
    }
  }

  snapshot(): readonly { readonly key: string; readonly match: OpenMatch }[] {
    return Array.from(this.#keys, ([match, key]) => ({ key, match }))
  }
}
