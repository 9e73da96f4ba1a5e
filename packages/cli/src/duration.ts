import type { Locale } from '@andon/core'

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  w: 604_800_000,
  week: 604_800_000,
}
const part = /(\d+(?:\.\d+)?)\s*([a-z]+)\s*/giy

/** `90s`, `1h 30m`, `2 days` in milliseconds; undefined for anything else. A day has 24 hours here. */
export function durationMs(text: string): number | undefined {
  const trimmed = text.trim()
  let total = 0
  part.lastIndex = 0
  do {
    const found = part.exec(trimmed)
    const unit = found?.[2]?.toLowerCase() ?? ''
    const ms = unitMs[unit] ?? unitMs[unit.replace(/s$/, '')]
    if (found === null || ms === undefined) return undefined
    total += Number(found[1]) * ms
  } while (part.lastIndex < trimmed.length)
  return total
}

const shown: readonly (readonly [number, string, string])[] = [
  [86_400_000, 'd', '天'],
  [3_600_000, 'h', '小时'],
  [60_000, 'min', '分'],
  [1000, 's', '秒'],
]

/** A duration as a person reads it: `1 d 2 h`, `1天2小时`; its two largest units. */
export function printDuration(milliseconds: number, locale: Locale): string {
  let left = Math.abs(milliseconds)
  const parts: string[] = []
  for (const [size, en, zh] of shown) {
    const count = Math.floor(left / size)
    if (count === 0 || parts.length === 2) continue
    left -= count * size
    parts.push(locale === 'zh' ? `${count}${zh}` : `${count} ${en}`)
  }
  if (parts.length === 0) return locale === 'zh' ? `${left}毫秒` : `${left} ms`
  return parts.join(locale === 'zh' ? '' : ' ')
}
