import type { Feedback } from '@andon/core/feedback'
import { type JsonRecord, numberOf, textOf } from './reader.js'

type Satisfaction = NonNullable<Feedback['satisfactionScore']>

/** The five answers that hotlines and reviews offer in words, on the scale 1 to 5. */
const words: Readonly<Record<string, number>> = {
  非常满意: 5,
  满意: 4,
  一般: 3,
  不满意: 2,
  非常不满意: 1,
  'very satisfied': 5,
  satisfied: 4,
  neutral: 3,
  dissatisfied: 2,
  'very dissatisfied': 1,
  good: 5,
  bad: 1,
}

const highest = { nps: 10, csat: 100, stars: 5 } as const

/** A score in numbers or words; undefined when it is neither, or outside of its scale. */
export function satisfactionOf(
  record: JsonRecord,
  key: string,
  kind: Satisfaction['kind'],
): Satisfaction | undefined {
  const value = numberOf(record, key) ?? words[textOf(record, key)?.toLowerCase() ?? '']
  return value === undefined || value < 0 || value > highest[kind] ? undefined : { kind, value }
}
