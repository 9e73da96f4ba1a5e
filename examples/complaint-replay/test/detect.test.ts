import { main } from '@andon/cli'
import { beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { ofData, ofExample, skippedWithout } from './shared-data.js'

const reportSchema = z.object({
  feedback: z.number(),
  quarantined: z.number(),
  misdated: z.object({
    count: z.number(),
    days: z.number(),
    examples: z.array(z.object({ row: z.number(), date: z.string(), filedAt: z.string() })),
  }),
  findings: z.array(
    z.object({
      key: z.string(),
      at: z.string(),
      severity: z.number(),
      numbers: z.object({
        until: z.string(),
        fault: z.string(),
        within: z.object({ fault: z.string(), cases: z.number() }).nullable(),
      }),
      about: z.array(z.object({ event: z.string(), at: z.string(), leadDays: z.number() })),
    }),
  ),
  known: z.array(
    z.object({
      event: z.string(),
      model: z.string(),
      at: z.string(),
      warned: z.object({ key: z.string(), at: z.string(), leadDays: z.number() }).nullable(),
    }),
  ),
  from: z.string(),
  to: z.string(),
})
const keySchema = z.tuple([z.string(), z.string(), z.string()])
type Report = z.infer<typeof reportSchema>
type Found = Report['findings'][number]

/** What `andon detect … --json` prints for the complaints, compared with the recalls. */
async function detected(): Promise<Report> {
  const [out, err]: [string[], string[]] = [[], []]
  const output = (lines: string[]) => ({
    write: (text: string) => void lines.push(text),
    isTerminal: false,
    width: 80,
  })
  const code = await main(
    [
      'detect',
      ofData('nhtsa/complaints.csv'),
      '--map',
      ofExample('mapping.nhtsa-detect.json'),
      '--known',
      ofData('nhtsa/recalls.csv'),
      '--known-map',
      ofExample('recalls.nhtsa.json'),
      '--detectors',
      'emerging-issue',
      '--json',
    ],
    { out: output(out), err: output(err), env: {}, onSignal: () => () => undefined },
  )
  if (code !== 0) throw new Error(`andon detect ended with ${code}: ${err.join('')}`)
  return reportSchema.parse(JSON.parse(out.join('')))
}

/** The calendar date so many months before another. */
function monthsBefore(months: number, date: string): string {
  const day = new Date(date)
  day.setUTCMonth(day.getUTCMonth() - months)
  return day.toISOString().slice(0, 10)
}

describe.skipIf(skippedWithout('nhtsa/complaints.csv'))(
  'emerging issues in the NHTSA complaints, in the order of filing and with nothing set',
  () => {
    let report: Report
    beforeAll(async () => {
      report = await detected()
    }, 60_000)

    const firstOf = (key: string): string =>
      report.findings.find((finding) => finding.key === key)?.at.slice(0, 10) ?? 'never'

    test('Explorer STRUCTURE is told 24 months before recall 25V347', () => {
      const told = firstOf('["emerging","Explorer U502 (2011-2019)","STRUCTURE"]')

      expect(told).toBe('2023-02-23')
      expect(told <= monthsBefore(24, '2025-05-23')).toBe(true)
    })

    test('RAV4 fires are told 12 months before recall 23V734', () => {
      const told = firstOf('["emerging","RAV4 XA40 (2013-2018)","safety:fire"]')

      expect(told).toBe('2021-06-04')
      expect(told <= monthsBefore(12, '2023-11-01')).toBe(true)
    })

    test('the clock sets two rows aside, whose dates their neighbours do not confirm', () => {
      expect(report.misdated).toEqual({
        count: 2,
        days: 7,
        examples: [
          { row: 1405, date: '2018-03-26', filedAt: '2017-10-07' },
          { row: 4647, date: '2020-10-22', filedAt: '2020-10-06' },
        ],
      })
    })

    test.each([
      { reading: 'the year in which it was told', yearOf: ({ at }: Found) => at.slice(0, 4) },
      { reading: 'the year of its cases', yearOf: ({ numbers }: Found) => numbers.until.slice(0, 4) },
    ])('no model has more than one problem in a year that no recall was about, by $reading', ({ yearOf }) => {
      const unknown = new Map<string, Set<string>>()
      for (const found of report.findings) {
        if (found.about.length > 0) continue
        const [, generation, signal] = keySchema.parse(JSON.parse(found.key))
        const cell = `${generation.split(' ')[0]} ${yearOf(found)}`
        unknown.set(cell, (unknown.get(cell) ?? new Set()).add(`${generation}: ${signal}`))
      }
      const several = [...unknown].filter(([, problems]) => problems.size > 1)

      expect(several.map(([cell, problems]) => [cell, [...problems]])).toEqual([])
      expect(unknown.size).toBeLessThanOrEqual(10)
    })

    test('injuries in complaints of UNKNOWN OR OTHER, and engines that burn, are told in the signal that is there', () => {
      const parts = report.findings.flatMap(({ key, severity, numbers: { fault, within } }) =>
        within === null ? [] : [{ key, severity, fault, within }],
      )

      expect(parts).toEqual([
        {
          key: '["emerging","Explorer U502 (2011-2019)","UNKNOWN OR OTHER"]',
          severity: 9,
          fault: 'safety:injury',
          within: { fault: 'UNKNOWN OR OTHER', cases: 8 },
        },
        {
          key: '["emerging","RAV4 XA40 (2013-2018)","safety:fire"]',
          severity: 9,
          fault: 'ENGINE',
          within: { fault: 'safety:fire', cases: 15 },
        },
      ])
    })

    test('fourteen of the 147 recalls of a generation were warned of, half of them 22 months ahead or more', () => {
      const leads = report.known.flatMap(({ warned }) => (warned === null ? [] : [warned.leadDays]))

      expect(report.known).toHaveLength(147)
      expect(leads).toHaveLength(14)
      expect(leads.sort((a, b) => a - b)[7]).toBe(699)
    })
  },
)
