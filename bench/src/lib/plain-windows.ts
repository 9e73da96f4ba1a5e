import type { FeedbackRecord } from '@andon/core/feedback'

const hour = 3_600_000

interface Entry {
  readonly at: number
  readonly severity: number
  readonly unit: string | undefined
}

/**
 * The reference: the conditions of `windowedRules` written by hand, as one would without an engine: a list for each
 * group, filtered anew for every complaint. No lives, no evidence, no caps.
 *
 * @param muchOf how many complaints are unusual for a fault
 * @returns how many conditions hold
 */
export function plainWindows(
  muchOf: (fault: string) => number,
): (at: number, feedback: FeedbackRecord) => number {
  const groups = new Map<string, { sliding: readonly Entry[]; other: readonly Entry[] }>()
  return (at, { faultCode, productModel, componentBatches, serialNumber, severityScore }) => {
    const fault = faultCode?.code ?? ''
    const key = `${fault}|${productModel}|${componentBatches?.compressor}`
    const before = groups.get(key) ?? { sliding: [], other: [] }
    const entry: Entry = { at, severity: severityScore, unit: serialNumber }
    const sliding = [...before.sliding.filter((one) => one.at > at - hour), entry]
    const isHourly = Number(fault.slice(2)) % 2 === 0
    const goesOn = isHourly
      ? Math.floor((before.other.at(-1)?.at ?? 0) / hour) === Math.floor(at / hour)
      : at - (before.other.at(-1)?.at ?? 0) < 20_000
    const other = goesOn ? [...before.other, entry] : [entry]
    groups.set(key, { sliding, other })
    const sum = (entries: readonly Entry[]): number =>
      entries.reduce((total, { severity }) => total + severity, 0)
    const much = muchOf(fault)
    const severe = sliding.filter(({ severity }) => severity > 8).length
    const holds = [
      new Set(sliding.map(({ unit }) => unit)).size >= much,
      sum(sliding) / sliding.length > 6 && sliding.length >= much,
      severe / sliding.length > 0.3 && sliding.length >= much,
      isHourly ? sum(other) >= 5 * much : other.length >= 12,
    ]
    return holds.filter(Boolean).length
  }
}
