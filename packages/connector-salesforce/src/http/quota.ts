/** How much of the org's API calls of 24 hours is used. */
export interface Usage {
  readonly used: number
  readonly limit: number
}

/** What every answer says of the org's API calls, and whether ours may go on. */
export class Quota {
  readonly #keepFree: number
  #usage: Usage | undefined

  /** @param keepFree share of the org's calls that is left to others, 0 to 1 */
  constructor(keepFree: number) {
    this.#keepFree = keepFree
  }

  /** As the latest answer had it. */
  get usage(): Usage | undefined {
    return this.#usage
  }

  /** True when a further call would eat into what is kept free. */
  get spent(): boolean {
    if (this.#usage === undefined) return false
    const { used, limit } = this.#usage
    return used >= limit * (1 - this.#keepFree)
  }

  /** @param header `Sforce-Limit-Info`, e.g. `api-usage=18/5000`, with `per-app-api-usage` beside it at times */
  read(header: string | undefined): void {
    const match = /(?:^|[\s,;])api-usage=(\d+)\/(\d+)/.exec(header ?? '')
    if (match === null) return
    this.#usage = { used: Number(match[1]), limit: Number(match[2]) }
  }
}
