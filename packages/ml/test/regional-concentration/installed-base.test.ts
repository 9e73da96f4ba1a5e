import { describe, expect, it } from 'vitest'
import { type InstalledBase, installedBase, regionalConcentration } from '../../src/index.js'
import { refusedBy } from '../support/refused.js'
import { four, run, streamOf, turns } from './told-streams.js'

describe('an installed base', () => {
  it('is read from a table, in any order, from the day of each row on', () => {
    const table = installedBase([
      { model: 'A', region: 'north', from: '2026-03-01', units: 20 },
      { model: 'A', region: 'north', from: '2026-01-01', units: 10 },
    ])
    const unitsOn = (date: string): number | undefined =>
      table.unitsInService({ tenant: 'default', model: 'A', at: new Date(date) })?.get('north')
    expect(['2025-12-31', '2026-01-01', '2026-02-28', '2026-03-01'].map(unitsOn)).toEqual([0, 10, 10, 20])
    expect(table.unitsInService({ tenant: 'default', model: 'B', at: new Date() })).toBeUndefined()
  })

  it('is asked for the tenant whose feedback it is', () => {
    const asked = new Set<string>()
    const watched: InstalledBase = {
      unitsInService: (question) => {
        asked.add(question.tenant)
        return four.unitsInService(question)
      },
    }
    run(
      streamOf(turns(30, 'north')).map((feedback) => ({ ...feedback, tenant: 'acme' })),
      { installedBase: watched },
    )
    expect([...asked]).toEqual(['acme'])
  })

  it('that tells negative units, or a row that cannot be, is refused by name', () => {
    const negative: InstalledBase = { unitsInService: () => new Map([['north', -1]]) }
    expect(refusedBy(() => run(streamOf(turns(30, 'north')), { installedBase: negative }))).toBe(
      'regionalConcentration.installedBase.unitsInService',
    )
    expect(refusedBy(() => installedBase([{ model: 'A', region: 'n', from: '1.3.2026', units: 1 }]))).toBe(
      'installedBase.rows.0.from',
    )
    expect(refusedBy(() => installedBase([{ model: 'A', region: 'n', from: '2026-03-01', units: -1 }]))).toBe(
      'installedBase.rows.0.units',
    )
  })

  it('and other options that are none are refused by name', () => {
    expect(refusedBy(() => regionalConcentration({ limit: 1 }))).toBe('regionalConcentration.limit')
    expect(refusedBy(() => regionalConcentration(JSON.parse('{"installedBase":{}}')))).toBe(
      'regionalConcentration.installedBase',
    )
    expect(refusedBy(() => regionalConcentration({ places: { n: { longitude: 200, latitude: 0 } } }))).toBe(
      'regionalConcentration.places.n.longitude',
    )
  })
})
