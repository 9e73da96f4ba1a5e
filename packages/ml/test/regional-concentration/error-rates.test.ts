import { describe, expect, it } from 'vitest'
import type { RegionalConcentrationOptions } from '../../src/index.js'
import { base, found, models, type Planted, places, year } from './simulated-regions.js'

/** Eight: four faults of each of two models. */
const faults = models
  .slice(0, 2)
  .flatMap((model) => ['E-1', 'E-2', 'E-3', 'E-4'].map((fault): readonly [string, string] => [model, fault]))

/** The share of years of 400 complaints in which something is said. */
function sharesOf(
  runs: number,
  options: RegionalConcentrationOptions,
  chance: { readonly spread?: number } = {},
): number {
  const years = Array.from({ length: runs }, (_, run) => found(year(run + 1, 50, faults, chance), options))
  return years.filter(({ length }) => length > 0).length / runs
}

/** After how many complaints the planted region is told, in order; only of years in which it is. */
function toldAfter(
  complaints: number,
  planted: Planted,
  options: RegionalConcentrationOptions,
): readonly number[] {
  return Array.from({ length: 100 }, (_, run) =>
    found(year(5001 + run, complaints, [['KX-500', 'E-1']], { planted }), options).find(
      ({ finding: { title } }) => title.en.includes(`${planted.region} `),
    ),
  )
    .flatMap((first) => (first === undefined ? [] : [first.after]))
    .sort((a, b) => a - b)
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

describe('regional concentration over a year of chance', () => {
  it.each([
    ['with the installed base', 1000, { installedBase: base }],
    ['with the installed base and places', 100, { installedBase: base, places }],
    ['without an installed base', 300, {}],
    ['without an installed base, with places', 100, { places }],
  ] as const)(
    '%s says something in at most one of twenty years without a defect, of %i',
    (name, runs, options) => {
      const share = sharesOf(runs, options)
      console.log(
        `regional concentration ${name}, no defect, seeds 1 to ${runs}: a finding in ${percent(share)} of the years`,
      )
      expect(share).toBeLessThanOrEqual(0.05)
    },
  )

  it('keeps its share of false alarms by its tests alone, whatever the ratio that is asked for', () => {
    const bare = { limit: 1.001, usualRatio: 1, leastCases: 2 }
    const [units, past] = [sharesOf(100, { ...bare, installedBase: base }), sharesOf(100, bare)]
    console.log(
      `regional concentration of any ratio, no defect, seeds 1 to 100: ${percent(units)} with, ${percent(past)} without the installed base`,
    )
    expect(units).toBeLessThanOrEqual(0.05)
    expect(past).toBeLessThanOrEqual(0.05)
  })

  it('says something in at most one of twenty years in which regions differ by nature, with a standard deviation of .3', () => {
    const share = sharesOf(200, { installedBase: base }, { spread: 0.3 })
    console.log(
      `regional concentration, rates that differ by nature, seeds 1 to 200: ${percent(share)} of the years`,
    )
    expect(share).toBeLessThanOrEqual(0.05)
  })

  it.each([
    ['with the installed base', 'R-3', 400, 0, { installedBase: base }],
    ['with the installed base', 'R-10', 400, 0, { installedBase: base }],
    ['with the installed base and places', 'R-10', 450, 0, { installedBase: base, places }],
    ['without an installed base, from July on', 'R-3', 1000, 200, {}],
  ] as const)(
    '%s finds a region with four times the rate, %s, in nine of ten years within %i complaints',
    (name, region, complaints, fromDay, options) => {
      const told = toldAfter(complaints, { region, times: 4, fromDay }, options)
      console.log(
        `regional concentration ${name}: ${region} at 4 times, seeds 5001 to 5100: found in ${told.length} % within ${complaints} complaints of the fault, median ${told[Math.floor(told.length / 2)]}`,
      )
      expect(told.length).toBeGreaterThanOrEqual(90)
    },
  )
})
