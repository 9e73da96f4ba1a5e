import type { Action } from '../../action/action.js'
import type { Clock } from '../../connector/clock.js'
import type { PartitionedBus } from '../../connector/partitioned-bus.js'
import type { SharedStore } from '../../connector/shared-store.js'
import type { Store } from '../../connector/store.js'
import type { AndonError } from '../../errors/index.js'
import { Periodic } from '../periodic.js'
import type { Sources } from '../sources.js'
import { CommandLink, commandTopic } from './command-link.js'
import { Duties } from './duties.js'

/** Who does what only one process at a time may do. */
export interface Crew {
  /** Readies what it needs. */
  open(): Promise<void>
  /** Takes on what is free, now and from then on. */
  start(): Promise<void>
  /** Whether this process speaks to the target. */
  speaksTo(target: string): boolean
  /** Whether this process judges effects. */
  readonly judges: boolean
  /** What this process does for all; absent where it does everything. */
  readonly duties?: readonly string[]
  /** Tells whoever carries them out of actions that are new or have been moved on. */
  hand(actions: readonly Action[]): void
  /** Takes on nothing more. */
  stop(): Promise<void>
  /** Lets others take over at once. */
  leave(): Promise<void>
}

/** One process does everything, and reads all its sources. */
export const alone = (sources: Sources): Crew => ({
  open: async () => undefined,
  async start() {
    for (const name of sources.names) sources.read(name)
  },
  speaksTo: () => true,
  judges: true,
  hand: () => undefined,
  stop: async () => undefined,
  leave: async () => undefined,
})

export interface SharedCrewOptions {
  readonly bus: PartitionedBus
  readonly store: Store
  readonly shared: SharedStore
  readonly clock: Clock
  /** Time that passes evenly (ms), whatever the clock shows. */
  readonly elapsed: () => number
  /** This worker's own name. */
  readonly owner: string
  readonly targets: readonly string[]
  readonly sources: readonly string[]
  /** The target has actions for this process, some of them perhaps tried by another. */
  readonly tookTarget: (target: string) => void
  readonly lostTarget: (target: string) => void
  /** The source is this process's to read. */
  readonly tookSource: (source: string) => void
  readonly lostSource: (source: string) => void
  /** There may be new or changed actions for a target of this process. */
  readonly received: (actions: readonly Action[]) => void
  /** There may be something new to carry out, of any target. */
  readonly look: () => Promise<void>
  /** There may be new or changed signals to judge, or this process judges from now on. */
  readonly lookAtSignals: () => Promise<void>
  /** Others may have changed what this process remembers of the store. */
  readonly refresh: () => Promise<void>
  readonly lostJudging: () => void
  readonly failed: (error: unknown) => void
}

const judging = 'verification'
const targetDuty = (target: string): string => `actuation/${target}`
const sourceDuty = (source: string): string => `source/${source}`
/** However many wake-ups come (ms). */
const lookEveryMs = 250
/** Even if no wake-up comes (ms). */
const regularlyMs = 5000

/** The workers of one store: each source and each target is one worker's, and one judges; who is silent for long loses it. */
export function sharedCrew(options: SharedCrewOptions): Crew {
  const { bus, store, shared, clock, elapsed, owner, targets, sources, failed } = options
  const targetOf = new Map(targets.map((target) => [targetDuty(target), target]))
  const sourceOf = new Map(sources.map((source) => [sourceDuty(source), source]))
  const link = new CommandLink({
    ...{ bus, store, clock, failed: (error: AndonError) => failed(error) },
    received: options.received,
  })
  const duties = new Duties({
    ...{ shared, clock, elapsed, owner, failed },
    names: [judging, ...targetOf.keys(), ...sourceOf.keys()],
    gained(name) {
      const [target, source] = [targetOf.get(name), sourceOf.get(name)]
      if (target !== undefined) {
        link.listen(target)
        options.tookTarget(target)
      } else if (source !== undefined) options.tookSource(source)
      else options.lookAtSignals().catch(failed)
    },
    lost(name) {
      const [target, source] = [targetOf.get(name), sourceOf.get(name)]
      if (target !== undefined) {
        link.leave(target)
        options.lostTarget(target)
      } else if (source !== undefined) options.lostSource(source)
      else options.lostJudging()
    },
  })
  let stopListening: (() => void) | undefined
  let isWoken = false
  const looking = new Periodic(
    clock,
    lookEveryMs,
    async () => {
      if (!isWoken) return
      isWoken = false
      await options.look()
    },
    failed,
  )
  const regularly = new Periodic(
    clock,
    regularlyMs,
    async () => {
      isWoken = true
      await options.refresh()
      if (duties.has(judging)) await options.lookAtSignals()
    },
    failed,
  )
  return {
    async open() {
      await bus.prepare(targets.map((target) => ({ topic: commandTopic(target), partitions: 1 })))
    },
    async start() {
      stopListening = shared.onChange((changed) => {
        if (changed === 'actions') isWoken = true
      })
      await duties.start()
      looking.start()
      regularly.start()
    },
    speaksTo: (target) => duties.has(targetDuty(target)),
    get judges() {
      return duties.has(judging)
    },
    get duties() {
      return duties.held
    },
    hand(actions) {
      const others = actions.filter(({ target }) => !duties.has(targetDuty(target)))
      if (others.length > 0) link.send(others)
    },
    async stop() {
      stopListening?.()
      await looking.stop()
      await regularly.stop()
      duties.stop()
      await link.close()
    },
    leave: () => duties.release(),
  }
}
