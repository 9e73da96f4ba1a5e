import type { Batch, Message } from '@andon/core/connector'
import { Bell } from '../bell.js'
import { atMost, backoffMs, pause } from '../cluster/patience.js'
import { failureOf, isRefused, type Speaker } from '../failure.js'
import type { Holding, Membership, MembershipOptions } from '../group/membership.js'
import type { Feed } from './feed.js'
import type { Fetcher } from './fetcher.js'
import { Handout } from './handout.js'
import { takeOr } from './kafka-partition.js'

export interface ConsumeSetup {
  readonly fetcher: Fetcher
  readonly speaker: Speaker
  readonly batchSize: number
  readonly ends: readonly AbortSignal[]
  readonly join: (handlers: Pick<MembershipOptions, 'give' | 'fail'>) => Membership
  /** Where to begin with a partition. */
  readonly startOf: (holding: Holding) => Promise<number>
}

/** One partition that this consumer has now. */
export interface Share {
  readonly holding: Holding
  readonly feed: Feed
  readonly handout: Handout
}

/** How long whoever ends is waited for to commit what it still has in its hands (ms). */
const lastCommits = 500

/** Batches of whatever partitions this process has, in turn; `what` makes of each what it is to be. */
export async function* consumeShares<T>(
  setup: ConsumeSetup,
  what: (share: Share, batch: Batch<Message>) => T,
): AsyncGenerator<T> {
  const { fetcher, speaker, batchSize, ends } = setup
  if (ends.some(({ aborted }) => aborted)) return
  const bell = new Bell()
  const shares = new Set<Share>()
  let failure: unknown
  const fail = (error: unknown): void => {
    failure ??= error
    bell.ring()
  }
  const membership = setup.join({
    give: (holding) => {
      beginShare(setup, holding, bell, shares).catch(fail)
    },
    fail,
  })
  let ended = false
  const end = (): void => {
    if (ended) return
    ended = true
    void leaveSoon(membership, shares)
    for (const { feed } of shares) fetcher.close(feed)
    bell.ring()
  }
  for (const signal of ends) signal.addEventListener('abort', end)
  try {
    while (!ended) {
      if (failure !== undefined) throw failure
      let quiet = true
      for (const share of [...shares]) {
        const messages = takeOr(share.feed, batchSize, speaker)
        fetcher.wanted()
        if (messages.length === 0) continue
        quiet = false
        yield what(share, share.handout.batch(messages))
        if (ended) return
      }
      if (quiet) await bell.wait()
    }
  } finally {
    for (const signal of ends) signal.removeEventListener('abort', end)
    end()
  }
}

async function beginShare(
  { fetcher, startOf, speaker }: ConsumeSetup,
  holding: Holding,
  bell: Bell,
  shares: Set<Share>,
): Promise<void> {
  const { topic, number, lost } = holding
  let share: Share | undefined
  const lose = async (): Promise<void> => {
    if (share !== undefined) {
      fetcher.close(share.feed)
      shares.delete(share)
      // The next one begins after what is committed: the fewer come twice the better.
      await share.handout.idle()
    }
    holding.release()
  }
  lost.addEventListener('abort', () => void lose(), { once: true })
  try {
    const from = await patiently(() => startOf(holding), lost)
    if (from === undefined || lost.aborted) return
    share = { holding, feed: fetcher.open(topic, number, from, bell), handout: new Handout(holding.commit) }
    shares.add(share)
    bell.ring()
  } catch (error) {
    throw failureOf(speaker, error, {
      en: `beginning with ${topic}/${number}`,
      zh: `开始读取 ${topic}/${number}`,
    })
  }
}

async function leaveSoon(membership: Membership, shares: ReadonlySet<Share>): Promise<void> {
  await atMost(lastCommits, Promise.all([...shares].map(({ handout }) => handout.idle())))
  for (const { holding } of shares) holding.release()
  await membership.leave()
}

/** Tries until it works: the group's coordinator may be on its way to another node. Undefined when it is lost. */
async function patiently(startOf: () => Promise<number>, lost: AbortSignal): Promise<number | undefined> {
  for (let tries = 1; !lost.aborted; tries += 1) {
    try {
      return await startOf()
    } catch (error) {
      if (isRefused(error)) throw error
      await pause(backoffMs(tries), [lost])
    }
  }
  return undefined
}
