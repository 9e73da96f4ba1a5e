import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { daysBefore, type ReplayedSignal, replayed } from './replayed.js'
import { ofData, ofExample, skippedWithout } from './shared-data.js'

const complaints = 'nhtsa/complaints.csv'

describe.skipIf(skippedWithout(complaints))('the early-warning rules over the NHTSA complaints', () => {
  let report: Awaited<ReturnType<typeof replayed>>
  beforeAll(async () => {
    report = await replayed(complaints, 'mapping.nhtsa.json', 'early-warning.sql')
  }, 60_000)

  const found = (rule: string, facts: Readonly<Record<string, unknown>>): ReplayedSignal => {
    const signals = report.signals.filter(
      (signal) =>
        signal.rule === rule && Object.entries(facts).every(([name, value]) => signal.facts[name] === value),
    )
    const [signal] = signals
    if (signal === undefined || signals.length > 1) throw new Error(`${signals.length} signals, not one`)
    return signal
  }
  const structure = (year: number): ReplayedSignal =>
    found('component_trend', {
      product_model: 'Explorer',
      'attributes.model_year': year,
      fault_code: 'STRUCTURE',
    })

  test('read every row in under ten seconds', () => {
    expect(report.rows).toBe(15_500)
    expect(report.cpuSeconds).toBeLessThan(10)
  })

  test('quarantine the impossible incident dates, ten of long ago and two to come, and nothing else', () => {
    expect(report.quarantined.count).toBe(12)
    expect(report.quarantined.reasons).toEqual([
      {
        field: 'occurredAt',
        reason: 'is before 1990-01-01: no report can be that old',
        count: 10,
        examples: [
          { row: 3066, value: '1979-07-10' },
          { row: 13_519, value: '1969-12-31' },
          { row: 14_304, value: '1969-12-31' },
          { row: 14_429, value: '1969-12-31' },
          { row: 14_534, value: '1969-12-31' },
        ],
      },
      {
        field: 'occurredAt',
        reason: 'is in the future',
        count: 2,
        examples: [
          { row: 1405, value: '2018-03-26' },
          { row: 4647, value: '2020-10-22' },
        ],
      },
    ])
  })

  test('accept all other rows, as one feedback for each component', () => {
    expect([report.accepted, report.duplicates]).toEqual([15_488, 0])
    expect(report.feedback).toBe(countedFeedback())
  })

  test('raise at most forty signals in all', () => {
    const byRule = Object.groupBy(report.signals, ({ rule }) => rule)

    expect(report.signals).toHaveLength(32)
    expect([
      byRule.component_trend?.length,
      byRule.fire_pattern?.length,
      byRule.injury_pattern?.length,
    ]).toEqual([25, 4, 3])
  })

  test.each([
    { year: 2016, opened: '2023-02-18', lead: 825 },
    { year: 2017, opened: '2023-02-02', lead: 841 },
  ])('warn of Explorer $year STRUCTURE $lead days before recall 25V347', ({ year, opened, lead }) => {
    const recalled = recallDate('25V347000', 'Explorer', year)
    const signal = structure(year)

    expect(recalled).toBe('2025-05-23')
    expect(signal.openedAt.slice(0, 10)).toBe(opened)
    expect(daysBefore(signal, recalled)).toBe(lead)
    expect(signal.quotes.at(-1)?.text).toBe(`FORD Explorer ${year}: STRUCTURE`)
  })

  test('warn of RAV4 2015–18 fires 1,625 days before recall 23V734', () => {
    const recalled = recallDate('23V734000', 'RAV4', 2016)
    const signal = found('fire_pattern', { product_model: 'RAV4', product_line: 'RAV4 XA40 (2013-2018)' })

    expect(recalled).toBe('2023-11-01')
    expect(signal.openedAt.slice(0, 10)).toBe('2019-05-21')
    expect(daysBefore(signal, recalled)).toBe(1625)
    expect(signal.title).toContain('fires = 5, first_model_year = 2015, last_model_year = 2018')
  })

  test('see the RAV4 2019–20 fuel tanks for which there was no tank campaign', () => {
    const opened = [2019, 2020].map(
      (year) =>
        found('component_trend', {
          product_model: 'RAV4',
          'attributes.model_year': year,
          fault_code: 'FUEL/PROPULSION SYSTEM',
        }).openedAt,
    )

    expect(opened.map((at) => at.slice(0, 10))).toEqual(['2019-10-13', '2020-02-27'])
  })
})

test('the rules name no make, model, platform, year or part: they are not tuned to what is known today', () => {
  const rules = readFileSync(ofExample('early-warning.sql'), 'utf8')

  expect(rules).not.toMatch(
    /explorer|rav4|corolla|prius|fiesta|c-hr|ford|toyota|structure|fuel|\b20[12]\d\b/i,
  )
})

const complaintSchema = z.object({
  odi_number: z.string(),
  components: z.string(),
  incident_date: z.string(),
})
/** Complaints of what had not happened when their neighbours were filed. */
const ofTheFuture: ReadonlySet<string> = new Set(['11029591', '11361815'])

/** Counted here in another way: components that stand behind a comma without a blank, of the rows with a possible date. */
function countedFeedback(): number {
  const rows = z.array(complaintSchema).parse(parse(readFileSync(ofData(complaints)), { columns: true }))
  return rows
    .filter(({ odi_number, incident_date }) => incident_date >= '1990' && !ofTheFuture.has(odi_number))
    .reduce((count, { components }) => count + new Set(components.split(/,(?! )/)).size, 0)
}

const recallSchema = z.object({
  campaign: z.string(),
  model: z.string(),
  model_year: z.string(),
  report_received_date: z.string(),
})

function recallDate(campaign: string, model: string, year: number): string {
  const rows = z
    .array(recallSchema)
    .parse(parse(readFileSync(ofData('nhtsa/recalls.csv')), { columns: true }))
  const recall = rows.find(
    (row) => row.campaign === campaign && row.model === model && row.model_year === String(year),
  )
  if (recall === undefined) throw new Error(`no recall ${campaign} of the ${model} ${year}`)
  return recall.report_received_date
}
