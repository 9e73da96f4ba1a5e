import { mustNotBeNegative } from '../check.js'
import type { InstalledBase } from './installed-base.js'

/** Units of a model in service by region, in the mean of some time; only regions that have any. */
export interface Exposure {
  readonly names: readonly string[]
  readonly numbers: ReadonlyMap<string, number>
  readonly units: readonly number[]
  readonly total: number
}

const day = 86_400_000

/** Units come and go slowly: they are asked for in the middle of each quarter of a year that counts. */
const daysBetweenQuestions = 91

/**
 * Asks the installed base, and remembers the answers for as long as the same week is asked for: what comes of it is the same
 * as if it were asked again each time.
 */
export class Exposures {
  readonly #base: InstalledBase
  #until = -1
  readonly #known = new Map<string, Exposure | null>()

  constructor(base: InstalledBase) {
    this.#base = base
  }

  /**
   * @param from the first day, counted from 1970
   * @param until the day before which units are counted, later than `from` by at least one
   * @returns null for a model whose base is not known
   * @throws AndonError OPTIONS_INVALID when the installed base tells units that cannot be
   */
  of(tenant: string, model: string, from: number, until: number): Exposure | null {
    if (until !== this.#until) {
      this.#known.clear()
      this.#until = until
    }
    const key = `${from} ${model}\u0000${tenant}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const asked = this.#ask(tenant, model, from, until)
    this.#known.set(key, asked)
    return asked
  }

  #ask(tenant: string, model: string, from: number, until: number): Exposure | null {
    const days = until - from
    const questions = Math.max(1, Math.round(days / daysBetweenQuestions))
    const sums = new Map<string, number>()
    for (let question = 0; question < questions; question++) {
      const at = new Date(Math.floor(from + ((question + 0.5) * days) / questions) * day)
      const answer = this.#base.unitsInService({ tenant, model, at })
      if (answer === undefined) return null
      for (const [region, units] of answer) {
        mustNotBeNegative(units, 'regionalConcentration.installedBase.unitsInService')
        sums.set(region, (sums.get(region) ?? 0) + units)
      }
    }
    const names = [...sums].flatMap(([region, units]) => (units > 0 ? [region] : []))
    const units = names.map((name) => (sums.get(name) ?? 0) / questions)
    return {
      names,
      numbers: new Map(names.map((name, number) => [name, number])),
      units,
      total: units.reduce((sum, amount) => sum + amount, 0),
    }
  }
}
