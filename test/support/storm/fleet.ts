import { type Andon, type AndonOptions, createAndon } from '@andon/core'
import {
  memoryBroker,
  memoryBus,
  memoryStorage,
  memoryStore,
  memorySystem,
  memoryTarget,
  type VirtualClock,
} from '@andon/testkit'
import { distantBus, distantStore } from './distant.ts'
import type { Plan } from './plan.ts'

/** One worker, and what can be done to it. */
export interface Member {
  readonly name: string
  readonly andon: Andon
  readonly started: Promise<void>
  /** It is no more, or nobody hears of it. */
  isGone: boolean
  /** Shares of what is asked that fails: 0 none, 1 all. */
  readonly down: { store: number; bus: number; lostAnswers: boolean }
  /** When what it published last arrived first (epoch ms). */
  published: number | undefined
  die(): void
  vanish(): void
  failNext(): void
}

export interface Fleet {
  readonly members: readonly Member[]
  readonly store: ReturnType<typeof memoryStore>
  readonly system: ReturnType<typeof memorySystem>
  readonly errors: unknown[]
  join(): Member
}

/** Workers over one reference broker, one reference store and one plant, all by one virtual clock. */
export async function fleetOf(
  plan: Plan,
  clock: VirtualClock,
  options: Omit<AndonOptions, 'bus' | 'store' | 'clock'>,
): Promise<Fleet> {
  const broker = memoryBroker({ partitions: plan.partitions, handoverMs: 400, clock })
  const storage = memoryStorage()
  const system = memorySystem()
  const store = memoryStore({ storage, clock })
  await store.open()
  const members: Member[] = []
  const errors: unknown[] = []
  const turns = (): number => Math.floor(plan.random() * 3)

  const join = (): Member => {
    const down = { store: 0, bus: 0, lostAnswers: false }
    let isDead = false
    const fault = (what: 'store' | 'bus') => (): Error | undefined =>
      isDead || plan.random() < down[what] ? new Error(`the ${what} does not answer`) : undefined
    const bus = memoryBus({ broker, fault: fault('bus') })
    const plant = memoryTarget({ system })
    const published = (): void => {
      member.published ??= clock.now()
      if (down.lostAnswers) throw new Error('the answer is lost')
    }
    const andon = createAndon({
      ...options,
      clock,
      targets: { plant },
      bus: distantBus(bus, { turns }, published),
      store: distantStore(memoryStore({ storage, clock, fault: fault('store') }), {
        ...{ turns, fault: fault('store') },
      }),
    })
    andon.on('error', (error) => errors.push(error))
    const member: Member = {
      name: `worker-${members.length}`,
      andon,
      started: andon.start(),
      isGone: false,
      down,
      published: undefined,
      die() {
        isDead = true
        member.isGone = true
        bus.die()
      },
      vanish() {
        member.isGone = true
        bus.die()
      },
      failNext: () => plant.failNext('unavailable', 'lost-answer'),
    }
    members.push(member)
    return member
  }
  return { members, store, system, errors, join }
}
