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
 * @returns how many conditions hold
 */
export function plainWindows(): (at: number, feedback: FeedbackRecord) => number {
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
      : at - (before.other.at(-1)?.at ?? 0) < 300_000
    const other = goesOn ? [...before.other, entry] : [entry]
    groups.set(key, { sliding, other })
    const sum = (entries: readonly Entry[]): number =>
      entries.reduce((total, { severity }) => total + severity, 0)
    const holds = [
      new Set(sliding.map(({ unit }) => unit)).size >= 60,
      sum(sliding) / sliding.length > 7 && sliding.length >= 30,
      sliding.filter(({ severity }) => severity > 8).length / sliding.length > 0.4 && sliding.length >= 30,
      isHourly ? sum(other) > 300 : other.length >= 40,
    ]
    return holds.filter(Boolean).length
  }
}
