import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { type Andon, type AndonOptions, createAndon, parseRules } from '@andon/core'
import { type VirtualClock, virtualClock } from '@andon/testkit'
import { onTestFinished } from 'vitest'

/** Where virtual clocks of these tests begin. */
export const start = Date.UTC(2026, 2, 1, 8)

/** A folder of its own that goes when the test ends. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'andon-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  return folder
}

export interface Loop {
  readonly andon: Andon
  readonly clock: VirtualClock
  readonly data: string
}

export interface LoopOptions extends Partial<Omit<AndonOptions, 'rules' | 'clock'>> {
  /** In the rule language. */
  readonly rules?: string
  readonly clock?: VirtualClock
}

/** The options of a whole loop: twelve channels, automatic, on the embedded store and a virtual clock. */
export function loopOptions({ rules, ...options }: LoopOptions = {}): AndonOptions & {
  readonly clock: VirtualClock
  readonly data: string
} {
  return {
    channels: standardChannels(),
    mode: 'auto',
    customerKey: 'one key for all these tests',
    ...(rules === undefined ? {} : { rules: parseRules(rules) }),
    ...options,
    data: options.data ?? dataFolder(),
    clock: options.clock ?? virtualClock(start),
  }
}

/** A running loop; closed when the test ends, if it has not closed it itself. */
export async function runLoop(options: LoopOptions = {}): Promise<Loop> {
  const complete = loopOptions(options)
  const andon = createAndon(complete)
  onTestFinished(() => andon.close())
  await andon.start()
  return { andon, clock: complete.clock, data: complete.data }
}

/** Moves a virtual clock on in steps until `holds`, for what takes several timers and turns of the disk. */
export async function advanceUntil(
  { andon, clock }: Pick<Loop, 'andon' | 'clock'>,
  holds: () => Promise<boolean> | boolean,
  stepMs = 1000,
): Promise<void> {
  for (let step = 0; step < 2000; step++) {
    await andon.settled()
    if (await holds()) return
    await clock.advance(stepMs)
  }
  throw new Error('it did not come to hold within 2,000 steps of the clock')
}
