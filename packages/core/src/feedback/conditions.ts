import { circumstancesIn } from './circumstances.js'
import { measuresIn } from './measures.js'
import type { Condition } from './schema.js'

/** How much of a text is read: as much as a symptom may be long. */
const maxRead = 20_000
/** As many as a feedback holds. */
export const maxConditions = 50

/** A condition and where its words begin. */
export interface Located {
  readonly start: number
  readonly end: number
  readonly condition: Condition
}

/**
 * Reads under which conditions something happened from free text, Chinese and English: "between 2 and 8 °C",
 * "夜里", "every 3 days", "after 2 hours", "第3次". Numbers are in the unit they were said in (UCUM); `text` holds
 * the exact words, always a part of the input. In order of appearance, at most 50. Work is linear in the
 * length; only the first 20,000 characters are read.
 */
export function readConditions(text: string): Condition[] {
  const looked = text.length > maxRead ? text.slice(0, maxRead) : text
  const measures = measuresIn(looked, maxConditions)
  const circumstances = circumstancesIn(looked, maxConditions)
  if (circumstances.length === 0) return measures.map(({ condition }) => condition)
  const all = [...measures]
  for (const found of circumstances) {
    // "凌晨3点" says more than "凌晨": of two readings of the same words the longer one stays.
    const rival = all.findIndex(({ start, end }) => found.start < end && start < found.end)
    const other = all[rival]
    if (other === undefined) all.push(found)
    else if (found.end - found.start > other.end - other.start) all[rival] = found
  }
  all.sort((one, other) => one.start - other.start)
  return all.slice(0, maxConditions).map(({ condition }) => condition)
}
