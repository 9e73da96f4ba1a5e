import type {
  ClusterMetadata,
  ExtendedGroupProtocolSubscription,
  GroupPartitionsAssignments,
} from '@platformatic/kafka'

type Members = ReadonlyMap<string, ExtendedGroupProtocolSubscription>
type Shares = ReadonlyMap<string, Map<string, number[]>>

/**
 * Shares the partitions of a group among its members: of each topic everybody who reads it gets about as many, what
 * somebody has stays there, and what has to move is given to nobody until it was given back (KIP-429).
 *
 * The client's own assigner counts the partitions of all topics together, so that of two workers one may get all of one
 * topic and the other all of another; and it knows the topics of the leader only, while a newer worker may read more.
 */
export function assign(
  members: Members,
  metadata: Pick<ClusterMetadata, 'topics'>,
): GroupPartitionsAssignments[] {
  const shares: Shares = new Map([...members.keys()].sort().map((id) => [id, new Map()]))
  const topics = new Set([...members.values()].flatMap((member) => member.topics ?? []))
  for (const topic of [...topics].sort()) {
    const count = metadata.topics.get(topic)?.partitionsCount ?? 0
    shareTopic(topic, count, members, shares)
  }
  return [...shares].map(([memberId, share]) => ({
    memberId,
    assignments: new Map([...share].map(([topic, partitions]) => [topic, { topic, partitions }])),
  }))
}

function shareTopic(topic: string, count: number, members: Members, shares: Shares): void {
  const readers = [...shares.keys()].filter((id) => members.get(id)?.topics?.includes(topic))
  const claims = claimsOf(topic, members)
  const kept = new Map<string, number[]>(readers.map((id) => [id, []]))
  const free: number[] = []
  for (let partition = 0; partition < count; partition += 1) {
    const owner = ownerOf(claims.get(partition) ?? [], members)
    const mine = owner === undefined ? undefined : kept.get(owner)
    if (mine === undefined) free.push(partition)
    else mine.push(partition)
  }
  // The odd ones go to those who have many already, so that few move, and then to those who have least of all topics.
  const least = Math.floor(count / Math.max(1, readers.length))
  let odd = count - least * readers.length
  const total = (id: string): number =>
    [...(shares.get(id)?.values() ?? [])].reduce((sum, partitions) => sum + partitions.length, 0)
  const size = (id: string): number => kept.get(id)?.length ?? 0
  const quotas = new Map<string, number>()
  for (const id of [...readers].sort((a, b) => size(b) - size(a) || total(a) - total(b))) {
    quotas.set(id, odd > 0 ? least + 1 : least)
    odd -= 1
  }
  for (const id of readers) free.push(...(kept.get(id)?.splice(quotas.get(id) ?? 0) ?? []))
  free.sort((a, b) => a - b)
  for (const id of readers) {
    const mine = kept.get(id) ?? []
    const missing = Math.max(0, (quotas.get(id) ?? 0) - mine.length)
    // Whoever still has it gives it back first; it is asked for again then.
    const others = (partition: number): boolean =>
      (claims.get(partition) ?? []).some((claimant) => claimant !== id)
    mine.push(...free.splice(0, missing).filter((partition) => !others(partition)))
    if (mine.length > 0)
      shares.get(id)?.set(
        topic,
        mine.sort((a, b) => a - b),
      )
  }
}

/** Who says of each partition of a topic that it has it. */
function claimsOf(topic: string, members: Members): ReadonlyMap<number, readonly string[]> {
  const claims = new Map<number, string[]>()
  for (const [id, { ownedPartitions }] of members) {
    for (const owned of ownedPartitions ?? []) {
      if (owned.topic !== topic) continue
      for (const partition of owned.partitions) claims.set(partition, [...(claims.get(partition) ?? []), id])
    }
  }
  return claims
}

/** Of several who say that they have it, the one who was in the group last; none when two say so with equal right. */
function ownerOf(claimants: readonly string[], members: Members): string | undefined {
  const generation = (id: string): number => members.get(id)?.generationId ?? -1
  const [first, second] = [...claimants].sort((a, b) => generation(b) - generation(a))
  if (first === undefined) return undefined
  return second !== undefined && generation(second) === generation(first) ? undefined : first
}
