import { cpSync } from 'node:fs'
import type { RawPayload } from '@andon/core'
import type { Detector } from '@andon/core/connector'
import { association, emergingIssue, installedBase, recurrence, regionalConcentration } from '@andon/ml'
import { virtualClock } from '@andon/testkit'
import { expect, it } from 'vitest'
import { dataFolder, type Loop, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'
import { seeded } from '../support/random.mjs'

const day = 86_400_000
const regions = ['CN-GD', 'CN-GX', 'CN-HI', 'CN-HN', 'CN-JX', 'CN-FJ', 'CN-ZJ', 'CN-JS']

const detectors = (): readonly Detector[] => [
  recurrence(),
  regionalConcentration({
    installedBase: installedBase(
      regions.map((region) => ({ model: 'KX-500', region, from: '2020-01-01', units: 1000 })),
    ),
  }),
  association(),
  emergingIssue(),
]

/**
 * A year in which leaks come back after repair, rust is six times as frequent on Hainan, the display fails with one batch of
 * compressors, and a hum begins in autumn.
 */
function year(seed: number): readonly RawPayload[] {
  const random = seeded(seed)
  const regionOf = (): string => regions[Math.floor(random() * regions.length)] ?? ''
  const batchOf = (): string => `C-${Math.floor(random() * 20)}`
  const complaint = (fault: string, unit: number) => ({
    fault,
    serial: `${fault}-${unit}`,
    onDay: random() * 360,
    region: regionOf(),
    compressor: batchOf(),
  })
  const complaints = Array.from({ length: 150 }, (_unit, unit) => {
    const leak = { ...complaint('E-LEAK', unit), onDay: random() * 200 }
    const leaksAgain = random() < 0.4 ? [{ ...leak, onDay: leak.onDay + 30 + random() * 100 }] : []
    const rust = complaint('E-RUST', unit)
    const display = complaint('E-DISP', unit)
    const hum = complaint('E-HUM', unit)
    return [
      leak,
      ...leaksAgain,
      { ...rust, region: random() < 0.4 ? 'CN-HI' : rust.region },
      { ...display, compressor: random() < 0.4 ? 'C-7' : display.compressor },
      ...(unit % 3 === 0 ? [] : [{ ...hum, onDay: unit % 5 === 0 ? hum.onDay : 290 + random() * 60 }]),
      complaint('E-NOISE', unit),
    ]
  }).flat()
  return complaints
    .sort((a, b) => a.onDay - b.onDay)
    .map(({ onDay, ...said }, index) =>
      webPayload({ ...said, id: `c-${index}`, at: start + Math.floor(onDay * day) }),
    )
}

const loopOn = (data: string): Promise<Loop> =>
  runLoop({ data, detectors: detectors(), clock: virtualClock(start + 400 * day) })

async function takeIn({ andon }: Loop, payloads: readonly RawPayload[]): Promise<void> {
  for (let first = 0; first < payloads.length; first += 50)
    await andon.ingest(payloads.slice(first, first + 50))
  await andon.settled()
}

it('detectors tell the same signals when Andon is closed and killed at any points of the year', async () => {
  const seed = 20_261_126
  const payloads = year(seed)
  const undisturbed = await loopOn(dataFolder())
  await takeIn(undisturbed, payloads)
  const expected = await undisturbed.andon.signals.list()
  console.log(
    `detectors over a year of ${payloads.length} complaints, seed ${seed}: ${expected.length} signals`,
  )
  expect(expected.map(({ rule }) => rule).sort()).toEqual(
    detectors()
      .map(({ name }) => name)
      .sort(),
  )

  const random = seeded(seed + 1)
  for (let run = 0; run < 3; run++) {
    const cuts = Array.from({ length: 4 }, () => Math.floor(random() * payloads.length)).sort((a, b) => a - b)
    let loop = await loopOn(dataFolder())
    let taken = 0
    for (const [index, cut] of cuts.entries()) {
      await takeIn(loop, payloads.slice(taken, cut))
      taken = cut
      if (index % 2 === 0) {
        await loop.andon.close()
        loop = await loopOn(loop.data)
      } else {
        // What a process finds that comes up after a kill: the files as they stand, with nothing closed.
        const left = dataFolder()
        cpSync(loop.data, left, { recursive: true })
        await loop.andon.close()
        loop = await loopOn(left)
      }
    }
    await takeIn(loop, payloads.slice(taken))
    expect(await loop.andon.signals.list(), `cut at ${cuts.join(', ')}`).toEqual(expected)
    await loop.andon.close()
  }
})
