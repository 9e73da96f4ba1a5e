import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Clock } from '../../src/connector/clock.js'
import { AvailabilityLog } from '../../src/engine/availability.js'

/** Time for what sets no timers. */
interface HandClock extends Clock {
  advance(milliseconds: number): void
}

function handClock(): HandClock {
  let now = start
  return {
    now: () => now,
    setTimer: () => () => undefined,
    advance: (milliseconds) => {
      now += milliseconds
    },
  }
}

const hour = 3_600_000
const start = Date.UTC(2026, 2, 1, 8, 20)
const stages = ['intake', 'analysis', 'actuation', 'actuation/mes', 'actuation/sap'] as const

type Step =
  | { readonly kind: 'failed' | 'worked'; readonly stage: (typeof stages)[number]; readonly after: number }
  | { readonly kind: 'restart'; readonly after: number; readonly pause: number }

const wait = fc.oneof(fc.integer({ min: 0, max: 3 * hour }), fc.integer({ min: 0, max: 20 * 24 * hour }))
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('failed', 'worked'),
      stage: fc.constantFrom(...stages),
      after: wait,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), after: wait, pause: wait }) },
)

interface Stretch {
  readonly from: number
  readonly to: number
  readonly down: ReadonlySet<string>
}

/** What is known of a stage from the beginning of the hour 719 hours before this one, added up stretch by stretch. */
function naive(
  stretches: readonly Stretch[],
  stage: string,
  now: number,
): { downMs: number; totalMs: number } {
  const oldest = (Math.floor(now / hour) - 719) * hour
  let [downMs, totalMs] = [0, 0]
  for (const { from, to, down } of stretches) {
    const length = Math.max(0, to - Math.max(from, oldest))
    const isDown = down.has(stage) || [...down].some((one) => one.startsWith(`${stage}/`))
    totalMs += length
    downMs += isDown ? length : 0
  }
  return { downMs, totalMs }
}

it('equals what is added up stretch by stretch, whatever fails, works and restarts', () => {
  const seed = Date.now() % 1_000_000
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const clock = handClock()
      let log = new AvailabilityLog(clock, stages)
      log.start(undefined)
      const stretches: Stretch[] = []
      let down = new Set<string>()
      for (const one of [...steps, { kind: 'worked', stage: 'intake', after: hour / 2 } as const]) {
        const from = clock.now()
        clock.advance(one.after)
        stretches.push({ from, to: clock.now(), down: new Set(down) })
        if (one.kind === 'restart') {
          const kept = log.state()
          clock.advance(one.pause)
          log = new AvailabilityLog(clock, stages)
          log.start(JSON.parse(JSON.stringify(kept)))
          down = new Set()
          continue
        }
        log[one.kind](one.stage)
        if (one.kind === 'failed') down.add(one.stage)
        else down.delete(one.stage)
      }
      const report = log.report()
      for (const stage of stages) {
        const { downMs, totalMs } = naive(stretches, stage, clock.now())
        expect(report[stage]).toMatchObject({ downMs, totalMs })
        expect(report[stage]?.share).toBeCloseTo(totalMs === 0 ? 1 : 1 - downMs / totalMs, 12)
      }
    }),
    { seed, numRuns: 200 },
  )
})

it('is down from the first failure until the next success, and knows since when it counts', () => {
  const clock = handClock()
  const log = new AvailabilityLog(clock, stages)
  expect(log.report().intake).toMatchObject({ share: 1, totalMs: 0 })
  log.start(undefined)
  clock.advance(9 * hour)
  log.failed('intake')
  clock.advance(hour / 2)
  log.failed('intake')
  clock.advance(hour / 2)
  log.worked('intake')
  expect(log.report().intake).toEqual({
    ...{ share: 0.9, downMs: hour, totalMs: 10 * hour },
    since: Date.UTC(2026, 2, 1, 8),
  })
})

it('forgets what is older than 30 days', () => {
  const clock = handClock()
  const log = new AvailabilityLog(clock, stages)
  log.start(undefined)
  log.failed('analysis')
  clock.advance(hour)
  log.worked('analysis')
  clock.advance(30 * 24 * hour)
  expect(log.report().analysis).toMatchObject({ share: 1, downMs: 0 })
})

it('begins anew when what was kept cannot be read', () => {
  const log = new AvailabilityLog(handClock(), stages)
  log.start({ stages: 'nonsense' })
  expect(log.report().intake).toMatchObject({ share: 1, totalMs: 0 })
})

it('counts no hour twice when the clock goes back, and nothing that lies ahead of it', () => {
  const clock = handClock()
  const log = new AvailabilityLog(clock, stages)
  log.start(undefined)
  clock.advance(3 * hour)
  log.failed('intake')
  log.worked('intake')
  clock.advance(-2 * hour)
  log.failed('intake')
  log.worked('intake')
  clock.advance(2 * hour)
  const { totalMs } = log.report().intake ?? {}
  expect(totalMs).toBeGreaterThan(2 * hour)
  expect(totalMs).toBeLessThanOrEqual(3 * hour + hour / 3)
})
