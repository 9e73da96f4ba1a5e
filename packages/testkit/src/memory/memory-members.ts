import type { Clock } from '@andon/core/connector'

/** A partition in the hands of one member. */
export interface Holding {
  readonly topic: string
  readonly number: number
  readonly lost: AbortSignal
  release(): void
}

/** One member's place in a group. */
export interface Membership {
  /** What it was given and has not asked for yet. */
  next(): Holding | undefined
  /** Says goodbye: others get its partitions as soon as it has released them. */
  leave(): void
  /** Is gone without a word: others get its partitions now, and it hears nothing of it. */
  vanish(): void
}

interface Member {
  readonly topics: readonly string[]
  readonly given: Holding[]
}

interface Slot {
  readonly topic: string
  readonly number: number
  holder?: Member | undefined
  /** Tells the holder that it is to give the partition up; absent once it was told. */
  revoke?: (() => void) | undefined
}

export interface MemoryMembersOptions {
  readonly clock: Clock
  /** How long a holder may take to release what it lost (ms). */
  readonly handoverMs: number
  readonly partitionsOf: (topic: string) => number
  /** Called when somebody may have been given something. */
  readonly announce: () => void
}

/** The members of one group: each partition is in one pair of hands, about as many in each, moved only when needed. */
export function memoryMembers({ clock, handoverMs, partitionsOf, announce }: MemoryMembersOptions): {
  join(topics: readonly string[]): Membership
} {
  const members = new Set<Member>()
  const slots = new Map<string, Slot[]>()

  const slotsOf = (topic: string): readonly Slot[] => {
    const known = slots.get(topic) ?? []
    slots.set(topic, known)
    for (let number = known.length; number < partitionsOf(topic); number += 1) known.push({ topic, number })
    return known
  }
  const held = (topic: string, member: Member): readonly Slot[] =>
    slotsOf(topic).filter(({ holder, revoke }) => holder === member && revoke !== undefined)

  const give = (slot: Slot, member: Member): void => {
    const losing = new AbortController()
    let cancel: (() => void) | undefined
    let mine = true
    const free = (): void => {
      if (!mine) return
      mine = false
      cancel?.()
      if (slot.holder !== member) return
      slot.holder = undefined
      slot.revoke = undefined
      balance()
    }
    const holding: Holding = { topic: slot.topic, number: slot.number, lost: losing.signal, release: free }
    slot.holder = member
    slot.revoke = () => {
      slot.revoke = undefined
      losing.abort()
      // What it has never asked for is in nobody's hands.
      const unseen = member.given.indexOf(holding)
      if (unseen >= 0) member.given.splice(unseen, 1)
      if (!mine) return
      cancel = clock.setTimer(unseen >= 0 ? 0 : handoverMs, free)
    }
    member.given.push(holding)
  }

  /** Takes from those who have too many, and gives what nobody has to those who have the fewest. */
  const balanceTopic = (topic: string): void => {
    const sharing = [...members].filter(({ topics }) => topics.includes(topic))
    if (sharing.length === 0) return
    const all = slotsOf(topic)
    const most = Math.ceil(all.length / sharing.length)
    let withMost = all.length % sharing.length || sharing.length
    for (const member of sharing.sort((a, b) => held(topic, b).length - held(topic, a).length)) {
      const mine = held(topic, member)
      const quota = withMost > 0 ? most : most - 1
      withMost -= 1
      for (const slot of mine.slice(quota)) slot.revoke?.()
    }
    for (const slot of all) {
      if (slot.holder !== undefined) continue
      const [fewest] = sharing.sort((a, b) => held(topic, a).length - held(topic, b).length)
      if (fewest !== undefined) give(slot, fewest)
    }
  }
  const balance = (): void => {
    for (const topic of new Set([...members].flatMap(({ topics }) => topics))) balanceTopic(topic)
    announce()
  }

  return {
    join(topics) {
      const member: Member = { topics, given: [] }
      members.add(member)
      balance()
      const each = (work: (slot: Slot) => void): void => {
        if (!members.delete(member)) return
        const mine = topics.flatMap((topic) => slotsOf(topic).filter(({ holder }) => holder === member))
        for (const slot of mine) work(slot)
        member.given.length = 0
        balance()
      }
      return {
        next: () => member.given.shift(),
        leave: () => each((slot) => slot.revoke?.()),
        vanish: () =>
          each((slot) => {
            slot.holder = undefined
            slot.revoke = undefined
          }),
      }
    },
  }
}
