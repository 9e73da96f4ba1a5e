import type { FeedbackRecord } from '@andon/core/feedback'
import { sampleFeedback, sampleStart } from '@andon/testkit'
import { type Random, randomFrom } from '../../src/scan/random.js'

const day = 86_400_000
const { componentBatches: _, batchNumber: __, ...sample } = sampleFeedback(0)

/** How often each fault is, of young, of old units and in summer as much more often as a fleet has it. */
const faults = [
  { name: 'E-DISP', weight: 8 },
  { name: 'E-DEAD', weight: 6, young: 4 },
  { name: 'E-NOISE', weight: 10, old: 3 },
  { name: 'E-COOL', weight: 12, summer: 3 },
  ...[9, 9, 8, 7, 7, 6, 5, 4, 3, 2].map((weight, index) => ({ name: `E-${index}`, weight })),
]

export interface Defect {
  /** Of display faults among units with the mainboard batch: so many times that among all complaints. */
  readonly lift: number
}

/** The mainboard batch that has the defect, one of 24. */
export const badBatch = 'M-7a'

/**
 * Complaints of a year about three models made over the two years up to then, on two plants and five lines, with two mainboard
 * batches and three of compressors in every two months, and firmware that goes with the time of manufacture.
 */
export function fleet(seed: number, complaints: number, defect?: Defect): FeedbackRecord[] {
  const random = randomFrom(seed)
  const days = Array.from({ length: complaints }, () => random.next() * 365).sort((a, b) => a - b)
  return days.map((onDay, index) => complaintOf(random, onDay, index, defect))
}

function complaintOf(
  random: Random,
  onDay: number,
  index: number,
  defect: Defect | undefined,
): FeedbackRecord {
  const made = onDay - random.next() * (onDay + 365)
  const period = Math.floor((made + 365) / 61)
  const mainboard = `M-${period}${random.next() < 0.5 ? 'a' : 'b'}`
  const [model, line] = [random.below(3), random.below(5)]
  const at = new Date(sampleStart + onDay * day).toISOString()
  return {
    ...sample,
    feedbackId: `f-${index}`,
    serialNumber: `S-${index}`,
    productModel: `KX-${model}`,
    componentBatches: { mainboard, compressor: `C-${period}-${random.below(3)}` },
    batchNumber: `F-${Math.floor((made + 365) / 7)}-${line}`,
    productionSite: { plant: line < 2 ? 'P1' : 'P2', line: `L${line}` },
    manufacturedAt: new Date(sampleStart + made * day).toISOString().slice(0, 10),
    usageAtFailure: { value: Math.round((onDay - made) * 24 * random.next()), unit: 'h' },
    attributes: { firmware: `2.${Math.floor(period / 3) + random.below(2)}` },
    faultCode: { catalog: 'andon', code: faultOf(random, onDay, onDay - made, mainboard, defect) },
    receivedAt: at,
    lastOccurrenceTime: at,
  }
}

function faultOf(
  random: Random,
  onDay: number,
  age: number,
  mainboard: string,
  defect: Defect | undefined,
): string {
  const summer = Math.abs(onDay - 200) < 45
  const weights = faults.map((fault) => {
    const young = 'young' in fault && age < 90 ? fault.young : 1
    const old = 'old' in fault && age > 365 ? fault.old : 1
    return fault.weight * young * old * ('summer' in fault && summer ? fault.summer : 1)
  })
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const share = (weights[0] ?? 0) / all
  // Among 24 batches each has some 4 %: then P(display) is a little more than without the defect.
  const batchShare = 1 / 24
  if (defect !== undefined && mainboard === badBatch) {
    const bad = (defect.lift * share * (1 - batchShare)) / (1 - defect.lift * batchShare)
    if (random.next() < (bad - share) / (1 - share)) return 'E-DISP'
  }
  let left = random.next() * all
  const index = weights.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  return faults[index]?.name ?? 'E-DISP'
}
