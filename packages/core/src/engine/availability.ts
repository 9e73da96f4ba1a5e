import * as z from 'zod'
import type { Clock } from '../connector/clock.js'
import type { JsonObject, JsonValue } from '../json.js'

/** How much of the time a stage did its work, over the last 30 days. */
export interface Availability {
  /** 1 − downMs ÷ totalMs; 1 before any time has passed. 0.9995 is 21.6 minutes down in 30 days. */
  readonly share: number
  /** From the first failure until the next success (ms). */
  readonly downMs: number
  /** What is known (ms): while no process ran, and between the last save and a crash, nothing is, and it does not count. */
  readonly totalMs: number
  /** The first hour of which anything is known, within the 30 days (epoch ms). */
  readonly since: number
}

/** `actuation/<name>` is one target; `actuation` is down while any of them is. */
export type StageName = 'intake' | 'analysis' | 'actuation' | 'verification' | `actuation/${string}`

interface Hour {
  totalMs: number
  downMs: number
}

interface Stage {
  /** Hour (epoch ms / 3,600,000) → what is known of it, oldest first. */
  readonly hours: Map<number, Hour>
  down: boolean
}

const hourMs = 3_600_000
/** The current hour and those before it: 30 days. */
const hoursKept = 720

const keptSchema = z.object({
  /** Stage → [hour, totalMs, downMs] of each hour. */
  stages: z.record(z.string(), z.array(z.tuple([z.int(), z.number().min(0), z.number().min(0)]))),
})

/**
 * Counts for how long each stage was down, in hourly buckets. Its owner keeps its state now and then;
 * a stage that was down when the process ended is taken to be up when the next begins, until it fails.
 */
export class AvailabilityLog {
  readonly #clock: Clock
  readonly #stages = new Map<string, Stage>()
  /** Time up to here has been counted; undefined before the start. */
  #counted: number | undefined

  constructor(clock: Clock, stages: readonly StageName[]) {
    this.#clock = clock
    for (const stage of stages) this.#stages.set(stage, { hours: new Map(), down: false })
  }

  /**
   * Counts from now on, on top of what an earlier run has kept.
   *
   * @param kept what `state` gave; what cannot be read is left
   */
  start(kept: JsonObject | undefined): void {
    const parsed = keptSchema.safeParse(kept)
    for (const [name, hours] of Object.entries(parsed.data?.stages ?? {})) {
      const stage = this.#stages.get(name)
      for (const [hour, totalMs, downMs] of hours) stage?.hours.set(hour, { totalMs, downMs })
    }
    this.#counted = this.#clock.now()
  }

  /** What the store keeps of it. */
  state(): JsonObject {
    this.#count()
    const stages = [...this.#stages].map(([name, { hours }]): [string, JsonValue] => [
      name,
      [...hours].map(([hour, { totalMs, downMs }]) => [hour, totalMs, downMs]),
    ])
    return { stages: Object.fromEntries(stages) }
  }

  /** Of a stage: it could not do something. */
  failed(name: StageName): void {
    this.#set(name, true)
  }

  /** Of a stage: it did something. */
  worked(name: StageName): void {
    this.#set(name, false)
  }

  /** Runs something that a stage does, and takes note of how it ends. */
  async watch<T>(name: StageName, work: Promise<T>): Promise<T> {
    try {
      const result = await work
      this.worked(name)
      return result
    } catch (error) {
      this.failed(name)
      throw error
    }
  }

  report(): Readonly<Record<string, Availability>> {
    this.#count()
    return Object.fromEntries([...this.#stages].map(([name, { hours }]) => [name, this.#sum(hours)]))
  }

  #set(name: StageName, down: boolean): void {
    const stage = this.#stages.get(name)
    if (stage === undefined || stage.down === down) return
    this.#count()
    stage.down = down
  }

  #isDown(name: string): boolean {
    if (this.#stages.get(name)?.down === true) return true
    return [...this.#stages].some(([other, { down }]) => down && other.startsWith(`${name}/`))
  }

  /** Puts the time since the last count into its hours. What a clock that went back shows again counts once. */
  #count(): void {
    const now = this.#clock.now()
    if (this.#counted === undefined) return
    const newest = Math.floor(now / hourMs)
    const oldest = newest - hoursKept + 1
    const stages = [...this.#stages].map(([name, { hours }]) => ({ hours, down: this.#isDown(name) }))
    let from = Math.max(this.#counted, oldest * hourMs)
    while (from < now) {
      const hour = Math.floor(from / hourMs)
      const to = Math.min(now, (hour + 1) * hourMs)
      for (const { hours, down } of stages) {
        const known = hours.get(hour) ?? { totalMs: 0, downMs: 0 }
        known.totalMs = Math.min(hourMs, known.totalMs + to - from)
        known.downMs = Math.min(known.totalMs, known.downMs + (down ? to - from : 0))
        hours.set(hour, known)
      }
      from = to
    }
    this.#counted = now
    for (const { hours } of this.#stages.values()) {
      for (const hour of hours.keys()) if (hour < oldest || hour > newest) hours.delete(hour)
    }
  }

  #sum(hours: ReadonlyMap<number, Hour>): Availability {
    let [totalMs, downMs, first] = [0, 0, Math.floor(this.#clock.now() / hourMs)]
    for (const [hour, known] of hours) {
      totalMs += known.totalMs
      downMs += known.downMs
      first = Math.min(first, hour)
    }
    return { share: totalMs === 0 ? 1 : 1 - downMs / totalMs, downMs, totalMs, since: first * hourMs }
  }
}
