import type { AndonEvents } from '@andon/core'
import type { ChannelName } from '@andon/core/feedback'
import { hour, start } from '../calendar.js'
import type { Message } from '../customers/message.js'
import { secrets } from '../world/setup.js'

export type FeedbackRecord = Parameters<AndonEvents['feedback']>[0]
export type QuarantineRecord = Parameters<AndonEvents['quarantined']>[0]

/** The twelve, in the order in which they are shown. */
export const channelOrder = [
  'wechat',
  'call',
  'ecommerce',
  'app',
  'livechat',
  'web',
  'email',
  'sms',
  'weibo',
  'store',
  'field-service',
  'iot',
] as const satisfies readonly ChannelName[]

/** What came in. */
export interface Ledger {
  /** As Andon detected them. */
  readonly perChannel: Map<ChannelName, number>
  total: number
  latest: FeedbackRecord | undefined
  /** Complaints per hour since the start: all, and those of the bad compressor batch; praise and questions aside. */
  readonly complaints: number[]
  readonly batchComplaints: number[]
  readonly quarantined: QuarantineRecord[]
  /** Quarantined although nothing was wrong with it. */
  readonly unexpected: QuarantineRecord[]
  readonly duplicates: { sent: number; recognised: number }
  readonly broken: { sent: number; caught: number }
}

export const openLedger = (): Ledger => ({
  perChannel: new Map(channelOrder.map((channel) => [channel, 0])),
  ...{ total: 0, latest: undefined, complaints: [], batchComplaints: [], quarantined: [], unexpected: [] },
  ...{ duplicates: { sent: 0, recognised: 0 }, broken: { sent: 0, caught: 0 } },
})

export function countFeedback(ledger: Ledger, feedback: FeedbackRecord): void {
  ledger.total += 1
  ledger.perChannel.set(feedback.channel, (ledger.perChannel.get(feedback.channel) ?? 0) + 1)
  ledger.latest = feedback
}

/** Counts a message that was accepted; what it is about is the simulation's own knowledge. */
export function countComplaint(ledger: Ledger, { topic, unit, at }: Message): void {
  if (topic === 'praise' || topic === 'question' || topic === 'trifle') return
  addAt(ledger.complaints, at)
  if (topic === 'cooling' && unit?.batches.compressor === secrets.compressorBatch)
    addAt(ledger.batchComplaints, at)
}

function addAt(perHour: number[], at: number): void {
  const index = Math.floor((at - start) / hour)
  while (perHour.length <= index) perHour.push(0)
  perHour[index] = (perHour[index] ?? 0) + 1
}

/** The mean per hour over [from, to) in epoch ms, by whole hours. */
export function meanPerHour(perHour: readonly number[], from: number, to: number): number {
  const first = Math.max(0, Math.floor((from - start) / hour))
  const last = Math.max(first + 1, Math.floor((to - start) / hour))
  let sum = 0
  for (let index = first; index < last; index += 1) sum += perHour[index] ?? 0
  return Math.round((100 * sum) / (last - first)) / 100
}
