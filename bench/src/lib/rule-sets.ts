import { random } from './random.ts'
import type { Comparison, Condition, Facts, NumberField, TextField } from './rule-condition.ts'

export const setNames = ['equality', 'range', 'or', 'like'] as const
export type SetName = (typeof setNames)[number]

/** So many rules, and feedback for them. */
export interface RuleSet {
  readonly conditions: readonly Condition[]
  readonly events: readonly Facts[]
}

const eventCount = 2000

/**
 * The four kinds of rules. In `equality` the field is fixed, 40 lines × 25 regions, and more rules mean more that
 * are met. In the others the world grows with the rules, so that a feedback meets about as many of 10,000 as of
 * 10: ranges become narrower, and models, batches and words more numerous.
 */
export function ruleSet(name: SetName, count: number): RuleSet {
  const make = { equality, range, or, like }[name](count)
  const next = random(1)
  return {
    conditions: Array.from({ length: count }, (_, i) => make.condition(i)),
    events: Array.from({ length: eventCount }, () => ({ ...plain(next), ...make.event(next) })),
  }
}

interface Maker {
  condition(index: number): Condition
  event(next: () => number): Partial<Facts>
}

const text = (field: TextField, is: 'equal' | 'contains' | 'starts with', value: string): Comparison => ({
  field,
  is,
  value,
})
const number = (field: NumberField, is: 'above' | 'from' | 'below', value: number): Comparison => ({
  field,
  is,
  value: Number(value.toFixed(7)),
})
const below = (next: () => number, limit: number): number => Math.floor(next() * limit)

const plain = (next: () => number): Facts => ({
  product_line: `Line ${below(next, 40)}`,
  region: `CN-${below(next, 25)}`,
  product_model: `BCD-${below(next, 400)}`,
  batch_number: `FG-26-${below(next, 400)}`,
  serial_number: `SN-${below(next, 100_000)}`,
  symptom_text: 'The compressor hums loudly every 20 minutes and the milk is warm in the morning.',
  severity_score: Number((next() * 10).toFixed(7)),
  usage: Number((next() * 10_000).toFixed(7)),
})

/** `severity > a AND line = b AND region = c`; after the thousand pairs of line and region come higher limits. */
function equality(count: number): Maker {
  const limits = Math.ceil(count / 1000)
  return {
    condition: (i) => ({
      all: [
        number('severity_score', 'above', (10 * (Math.floor(i / 1000) + 0.5)) / limits),
        text('product_line', 'equal', `Line ${i % 40}`),
        text('region', 'equal', `CN-${Math.floor(i / 40) % 25}`),
      ],
    }),
    event: () => ({}),
  }
}

/** Operating hours between two limits, some with a severity besides; one in four a severity alone. */
function range(count: number): Maker {
  const width = 20_000 / count
  return {
    condition: (i) => {
      if (i % 4 === 3) return number('severity_score', 'above', 10 - (20 * (i + 1)) / count / count)
      const low = (i * 10_000) / count
      const between = [number('usage', 'from', low), number('usage', 'below', low + width)]
      return { all: i % 4 === 2 ? [...between, number('severity_score', 'above', 3)] : between }
    },
    event: () => ({}),
  }
}

/** Three ways to be met, each with a limit of severity. */
function or(count: number): Maker {
  const pool = Math.max(1, Math.floor(count / 2))
  return {
    condition: (i) => ({
      any: [
        {
          all: [
            text('product_model', 'equal', `BCD-${i % pool}`),
            number('severity_score', 'above', 4 + (i % 4)),
          ],
        },
        {
          all: [
            text('batch_number', 'equal', `FG-26-${(i * 7) % pool}`),
            number('severity_score', 'above', 6 + (i % 3)),
          ],
        },
        {
          all: [
            text('serial_number', 'equal', `SN-${(i * 3) % count}`),
            number('usage', 'below', 5000 + 1000 * (i % 4)),
          ],
        },
      ],
    }),
    event: (next) => ({
      product_model: `BCD-${below(next, pool)}`,
      batch_number: `FG-26-${below(next, pool)}`,
      serial_number: `SN-${below(next, count)}`,
    }),
  }
}

/** A word anywhere in the customer's text, Latin or Chinese; one in four the beginning of a serial number. */
function like(count: number): Maker {
  const words = vocabulary(count)
  const fillers = vocabulary(2000, 99)
  return {
    condition: (i) => {
      if (i % 4 === 3) return text('serial_number', 'starts with', `SN-${i}-`)
      const word = text('symptom_text', 'contains', words[i] ?? '')
      return i % 4 === 2 ? { all: [word, number('severity_score', 'above', 3)] } : word
    },
    event: (next) => {
      const said = Array.from({ length: 14 }, () => fillers[below(next, fillers.length)])
      for (let i = 0; i < 3; i++) said[below(next, said.length)] = words[below(next, count)]
      return { symptom_text: said.join(' '), serial_number: `SN-${below(next, count)}-${below(next, 1000)}` }
    },
  }
}

const consonants = [...'bcdfghklmnprstvwz', 'ch', 'sh', 'st', 'tr', 'pr']
const vowels = [...'aeiou', 'ea', 'ou', 'ai']

/** Different words, every second one Chinese: two to four syllables, or two to four of 3,000 characters. */
function vocabulary(count: number, seed = 7): readonly string[] {
  const next = random(seed)
  const pick = (parts: readonly string[]): string => parts[below(next, parts.length)] ?? ''
  const syllable = (): string => pick(consonants) + pick(vowels) + (next() < 0.5 ? pick(consonants) : '')
  const character = (): string => String.fromCharCode(0x4e00 + below(next, 3000))
  const words = new Set<string>()
  while (words.size < count) {
    const part = words.size % 2 === 0 ? syllable : character
    words.add(Array.from({ length: 2 + below(next, 3) }, part).join(''))
  }
  return [...words]
}
