import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { andon, FakeIo, folderWith, type Ran } from './helpers.js'

const dayMs = 86_400_000
const date = (day: number): string => new Date(Date.UTC(2024, 0, 1) + day * dayMs).toISOString().slice(0, 10)

const mapping = JSON.stringify({
  version: 1,
  channel: 'web',
  filedAt: 'filed',
  fields: {
    sourceMessageId: '{id}',
    symptomText: '{text}',
    productModel: '{model}',
    serialNumber: '{id}',
    faultCode: { catalog: 'plant', code: '{fault}' },
  },
})

/** Two models, three faults, one report a day for each model; from day 500 on A has a pump failure every day besides. */
const reports = Array.from({ length: 620 }, (_, day) => [
  ...['A', 'B'].map((model) => ({ day, model, fault: ['pump', 'door', 'noise'][day % 3] })),
  ...(day >= 500 ? [{ day, model: 'A', fault: 'pump' }] : []),
]).flat()
const csv = [
  'id,filed,model,fault,text',
  ...reports.map(({ day, model, fault }, id) => `${id},${date(day)},${model},${fault},the ${fault} again`),
].join('\n')

const recalls = `name,known,model,part,words
R-1,${date(600)},A,pump,The pump may stop.
R-2,${date(610)},B,door,The door may open.
R-3,${date(400)},A,pump,An older story of the pump.
R-4,someday,A,pump,Nobody knows when.
`
const recallMapping = JSON.stringify({
  version: 1,
  channel: 'web',
  filedAt: 'known',
  order: 'file',
  fields: {
    sourceMessageId: '{name}/{part}',
    symptomText: '{words}',
    receivedAt: '{known}',
    productModel: '{model}',
    faultCode: { catalog: 'plant', code: '{part}' },
    attributes: { event: '{name}' },
  },
})

const resultSchema = z.object({
  feedback: z.number(),
  quarantined: z.number(),
  findings: z.array(
    z.object({
      detector: z.string(),
      key: z.string(),
      at: z.string(),
      telling: z.number(),
      title: z.object({ en: z.string(), zh: z.string() }),
      numbers: z.record(z.string(), z.unknown()),
      about: z.array(z.object({ event: z.string(), at: z.string(), leadDays: z.number() })),
    }),
  ),
  known: z.array(
    z.object({ event: z.string(), model: z.string(), warned: z.object({ leadDays: z.number() }).nullable() }),
  ),
  interrupted: z.boolean(),
})

async function detected(more: readonly string[], io = new FakeIo()): Promise<Ran> {
  const at = folderWith({
    'reports.csv': csv,
    'map.json': mapping,
    'recalls.csv': recalls,
    'recalls.json': recallMapping,
  })
  const names = ['reports.csv', 'map.json', 'recalls.csv', 'recalls.json']
  const argv = more.map((word) => (names.includes(word) ? at(word) : word))
  return andon(['detect', at('reports.csv'), '--map', at('map.json'), ...argv], io)
}

const compared = ['--known', 'recalls.csv', '--known-map', 'recalls.json']

describe('andon detect', () => {
  it('finds the fault that rises, on the day on which a live run would have, and nothing else', async () => {
    const { code, out, err } = await detected(['--json', '--detectors', 'emerging-issue'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const { feedback, findings } = resultSchema.parse(JSON.parse(out))
    expect(feedback).toBe(reports.length)
    expect(findings.map(({ key, telling }) => [key, telling])).toEqual([['["emerging","A","pump"]', 1]])
    expect(findings[0]?.at.slice(0, 10) ?? '').toMatch(/^2025-(?:05|06)/)
  })

  it('says how long before each known event it was found, and which were not warned of', async () => {
    const { out, err } = await detected([...compared, '--json', '--detectors', 'emerging-issue'])
    expect(err).toContain('rows that are no known events were left out, 1 of them')
    const { findings, known } = resultSchema.parse(JSON.parse(out))
    expect(findings[0]?.about.map(({ event }) => event)).toEqual(['R-3', 'R-1'])
    const [before, ahead] = findings[0]?.about ?? []
    expect(before?.leadDays).toBeLessThan(0)
    expect(ahead?.leadDays).toBeGreaterThan(30)
    expect(known.map(({ event, warned }) => [event, warned?.leadDays ?? null])).toEqual([
      ['R-3', null],
      ['R-1', ahead?.leadDays],
      ['R-2', null],
    ])
  })

  it('prints the same for people, in both languages', async () => {
    const english = await detected(compared)
    expect(english.out).toMatch(/A: pump is rising: \d+ cases in \d+ days where/)
    expect(english.out).toMatch(/→ R-1 on 2025-08-23: \d+ days ahead/)
    expect(english.out).toMatch(/1 of 3 known events were warned of, \d+ days ahead in the median/)
    const chinese = await detected([...compared, '--lang', 'zh'])
    expect(chinese.out).toMatch(/A：pump 正在上升/)
    expect(chinese.out).toMatch(/已知事件 3 个，其中 1 个有预警，提前时间中位数 \d+ 天/)
  })

  it('says so where nothing is found', async () => {
    const { out } = await detected(['--limit', '300'])
    expect(out).toContain('Nothing was found.')
    expect((await detected(['--limit', '300', '--lang', 'zh'])).out).toContain('没有发现。')
  })

  it('names a detector that was probably meant', async () => {
    const { code, err } = await detected(['--detectors', 'emerging-isue'])
    expect(code).toBe(2)
    expect(err).toContain('There is no detector emerging-isue (did you mean emerging-issue?)')
  })

  it('asks for the mapping of known events', async () => {
    const { code, err } = await detected(['--known', 'recalls.csv'])
    expect(code).toBe(2)
    expect(err).toContain('--known-map <file>')
  })

  it('shows progress on a terminal, and stops at a signal with what it has', async () => {
    const io = new FakeIo({ isTerminal: true })
    const running = detected(['--json'], io)
    await io.until('err', 'rows')
    io.interrupt()
    const { code, out } = await running
    expect(code).toBe(130)
    expect(resultSchema.parse(JSON.parse(out)).interrupted).toBe(true)
  })
})
