import { must, mustNotBeNegative } from '../check.js'

/**
 * Who knows how many units are in use, and where: a table, a service that keeps its answers, the ERP system's deliveries.
 *
 * It must always give the same answer to the same question: replay asks again, and must find the same.
 */
export interface InstalledBase {
  /**
   * Units in service by region, named as feedback names them; regions without any may be left out. Units may be weighted
   * with what their age lets expect, where that differs between regions.
   *
   * @returns undefined for a model of which nothing is known: it is then watched without its installed base
   */
  unitsInService(question: {
    readonly tenant: string
    readonly model: string
    readonly at: Date
  }): ReadonlyMap<string, number> | undefined
}

/** From that day on so many units of the model are in service in the region, until the next row says otherwise. */
export interface InstalledUnits {
  readonly model: string
  readonly region: string
  /** e.g. 2026-03-01 */
  readonly from: string
  /** 0 or more. */
  readonly units: number
}

/**
 * The installed base from a table, in any order. Before its first row a region has no units.
 *
 * @throws AndonError OPTIONS_INVALID naming the row that is not possible
 */
export function installedBase(rows: readonly InstalledUnits[]): InstalledBase {
  const models = new Map<string, Map<string, { from: number; units: number }[]>>()
  for (const [index, { model, region, from, units }] of rows.entries()) {
    mustNotBeNegative(units, `installedBase.rows.${index}.units`)
    const start = /^\d{4}-\d\d-\d\d$/.test(from) ? Date.parse(from) : Number.NaN
    must(!Number.isNaN(start), `installedBase.rows.${index}.from`, {
      en: 'must be a date such as 2026-03-01',
      zh: '必须是日期，例如 2026-03-01',
    })
    const regions = models.get(model) ?? new Map<string, { from: number; units: number }[]>()
    models.set(model, regions)
    const steps = regions.get(region) ?? []
    regions.set(region, steps)
    steps.push({ from: start, units })
  }
  for (const regions of models.values())
    for (const steps of regions.values()) steps.sort((a, b) => a.from - b.from)
  return {
    unitsInService({ model, at }) {
      const regions = models.get(model)
      if (regions === undefined) return undefined
      const time = at.getTime()
      const units = new Map<string, number>()
      for (const [region, steps] of regions)
        units.set(region, steps.findLast(({ from }) => from <= time)?.units ?? 0)
      return units
    },
  }
}
