import { cpSync } from 'node:fs'
import type { RawPayload } from '@andon/core'
import type { Detector } from '@andon/core/connector'
import { emergingIssue, installedBase, recurrence, regionalConcentration } from '@andon/ml'
import { virtualClock } from '@andon/testkit'
import { expect, it } from 'vitest'
import { dataFolder, type Loop, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'
import { seeded } from '../support/random.mjs'

const day = 86_400_000
const regions = ['CN-GD', 'CN-GX', 'CN-HI', 'CN-HN', 'CN-JX', 'CN-FJ', 'CN-ZJ', 'CN-JS']

const detectors = (): readonly Detector[] => [
  recurrence(),
  emergingIssue(),
  regionalConcentration({
    installedBase: installedBase(
      regions.map((region) => ({ model: 'KX-500', region, from: '2020-01-01', units: 1000 })),
    ),
  }),
]

/** A year in which leaks come back after repair, rust is six times as frequent on Hainan, and a hum becomes so in autumn. */
function year(seed: number): readonly RawPayload[] {
  const random = seeded(seed)
  const region = (): string => regions[Math.floor(random() * regions.length)] ?? ''
  const complaints = Array.from({ length: 150 }, (_complaint, unit) => {
    const onDay = random() * 200
    const leak = { onDay, serial: `L-${unit}`, fault: 'E-LEAK', region: region() }
    const again = { ...leak, onDay: onDay + 30 + random() * 100 }
    const rust = {
      onDay: random() * 360,
      serial: `R-${unit}`,
      fault: 'E-RUST',
      region: random() < 0.4 ? 'CN-HI' : region(),
    }
    const noise = { onDay: random() * 360, serial: `N-${unit}`, fault: 'E-NOISE', region: region() }
    const hum = {
      onDay: random() < 0.25 ? random() * 260 : 260 + random() * 100,
      serial: `H-${unit}`,
      fault: 'E-HUM',
      region: region(),
    }
    return [leak, ...(random() < 0.4 ? [again] : []), rust, noise, ...(unit < 60 ? [hum] : [])]
  }).flat()
  return complaints
    .sort((a, b) => a.onDay - b.onDay)
    .map(({ onDay, ...complaint }, index) =>
      webPayload({ ...complaint, id: `c-${index}`, at: start + Math.floor(onDay * day) }),
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
  expect(new Set(expected.map(({ rule }) => rule))).toEqual(new Set(detectors().map(({ name }) => name)))

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
