import { expect, it } from 'vitest'
import { intervalSeconds } from '../../src/plant/interval-seconds.js'

it.each([
  [90, 90],
  ['30 minutes', 1800],
  ['1 day 2 hours', 93_600],
  ['90 min', 5400],
  ['01:30:00', 5400],
  ['1.5 h', 5400],
  ['45 s', 45],
  ['PT90M', 5400],
  ['P1DT2H', 93_600],
])('%s is %i seconds', (interval, seconds) => {
  expect(intervalSeconds(interval)).toBe(seconds)
})

it.each([-1, '', 'a while', '3 moons', '5', 'P', 'PT', '10 minutes or so'])(
  '%s is no interval',
  (interval) => {
    expect(intervalSeconds(interval)).toBeUndefined()
  },
)
