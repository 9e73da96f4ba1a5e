import type { Clock } from '@andon/core/connector'
import * as z from 'zod'

const id = z.string().min(1).max(200)
const plain = z.union([z.number(), z.string(), z.boolean()])

/** One change of an alarm, as the published MES contract has it. */
export const alarmSchema = z.strictObject({
  conditionId: id,
  active: z.boolean(),
  message: z.string(),
  time: z.iso.datetime({ offset: true }),
  activeSince: z.iso.datetime({ offset: true }).optional(),
  conditionName: z.string().optional(),
  severity: z.int().min(0).max(1_000).optional(),
  equipment: id.optional(),
  plant: id.optional(),
  line: id.optional(),
  productModel: id.optional(),
  serialNumber: id.optional(),
  lot: id.optional(),
  componentLots: z.record(z.string(), z.string()).optional(),
  faultCode: id.optional(),
  values: z
    .array(
      z.strictObject({
        name: z.string(),
        value: plain,
        unit: z.string().optional(),
        low: z.number().optional(),
        high: z.number().optional(),
      }),
    )
    .optional(),
  attributes: z.record(z.string(), plain).optional(),
})
export type MesAlarm = z.input<typeof alarmSchema>

export interface AlarmFeed {
  add(alarm: MesAlarm): void
  /** The alarms after a cursor; undefined when it is none of this feed's. */
  after(cursor: string | undefined, limit: number): { alarms: readonly MesAlarm[]; next: string } | undefined
  /** Resolves when there is one after the cursor, or the time is over; undefined when there is one already. */
  waits(cursor: string | undefined, milliseconds: number): Promise<void> | undefined
  /** How many were handed out. */
  readonly told: number
}

/** Alarms in their order; `most` of them are kept. */
export function alarmFeed(clock: Clock, most: number): AlarmFeed {
  const alarms: MesAlarm[] = []
  /** How many have been dropped: the number of the first that is kept. */
  let dropped = 0
  let told = 0
  const waiting = new Set<() => void>()

  const end = (): number => dropped + alarms.length

  /** The number of the first alarm after the cursor. */
  const numberOf = (cursor: string | undefined): number | undefined => {
    if (cursor === undefined) return dropped
    if (cursor === 'end') return end()
    const number = /^a\d{1,15}$/.test(cursor) ? Number(cursor.slice(1)) : Number.NaN
    return number <= end() ? Math.max(number, dropped) : undefined
  }

  return {
    add(alarm) {
      alarms.push(alarm)
      if (alarms.length > most) {
        alarms.shift()
        dropped += 1
      }
      for (const wake of [...waiting]) wake()
    },
    after(cursor, limit) {
      const first = numberOf(cursor)
      if (first === undefined) return undefined
      const found = alarms.slice(first - dropped, first - dropped + limit)
      told += found.length
      return { alarms: found, next: `a${first + found.length}` }
    },
    waits(cursor, milliseconds) {
      const first = numberOf(cursor)
      if (first === undefined || cursor === 'end' || first < end() || milliseconds <= 0) return undefined
      return new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake)
          cancel()
          resolve()
        }
        const cancel = clock.setTimer(milliseconds, wake)
        waiting.add(wake)
      })
    },
    get told() {
      return told
    },
  }
}
