import { setTimeout as sleep } from 'node:timers/promises'
import { problemOf } from '@andon/core/errors'
import type { ChannelModel } from 'amqplib'
import { answered, closed, lookAt } from '../link/channels.js'
import type { ShardChannel } from './shard-channel.js'

export interface BalanceOptions {
  readonly model: ChannelModel
  /**
   * Nothing is ever in that queue: its consumers are the members of the group. Of the shards the broker counts those at
   * work only.
   */
  readonly members: string
  /** How many shards there are for all of them. */
  readonly shards: number
  /** Those that are read here. */
  readonly read: () => Iterable<ShardChannel>
  /** Between two looks (ms). */
  readonly everyMs: number
  readonly ended: AbortSignal
  /** The shards are read all the same, by whoever has them. */
  readonly failed: (problem: string) => void
}

/** How often the same members give back before they take more and more time for it. */
const brisk = 5
/** Looks between two times that a shard is given back, at most. */
const longestWait = 64

/**
 * The broker gives a shard to the consumer that came first, so the first process of a group would have them all. Who has
 * more than its share gives one back at a time, and stands at the end of the line for it.
 */
export async function keepBalance(options: BalanceOptions): Promise<void> {
  const { everyMs, ended, failed } = options
  let told: string | undefined
  while (!ended.aborted) {
    try {
      await asMember(options)
    } catch (error) {
      const problem = problemOf(error)
      // Once: while its node is down that queue cannot be read.
      if (!ended.aborted && problem !== told) failed(problem)
      told = problem
    }
    await pause(everyMs, ended)
  }
}

async function asMember({ model, members, shards, read, everyMs, ended }: BalanceOptions): Promise<void> {
  const member = await model.createChannel()
  let isMember = true
  member.on('error', () => undefined)
  member.on('close', () => {
    isMember = false
  })
  // Nothing comes but word that the queue is gone.
  await answered(
    member.consume(members, () => void closed(member), { noAck: true }),
    members,
  )
  let [known, given, looks] = [0, 0, 0]
  for (;;) {
    await pause(everyMs, ended)
    if (!isMember || ended.aborted) break
    // Where that cannot be told the next look will tell.
    const found = await answered(lookAt(model, members), members).catch(() => undefined)
    if (found === undefined || found.consumers < 2) continue
    if (found.consumers !== known) [known, given, looks] = [found.consumers, 0, longestWait]
    const share = Math.ceil(shards / found.consumers)
    const active = [...read()].filter(({ isActive, isLeaving }) => isActive && !isLeaving)
    looks += 1
    // What comes back each time is wanted by nobody, e.g. because a member that is counted has lost its other channels.
    if (active.length <= share || looks < Math.min(longestWait, 2 ** (given - brisk))) continue
    given += 1
    looks = 0
    for (const shard of active.slice(share)) void shard.leave()
  }
  if (isMember) await closed(member)
}

const pause = (milliseconds: number, ended: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal: ended, ref: false }).catch(() => undefined)
