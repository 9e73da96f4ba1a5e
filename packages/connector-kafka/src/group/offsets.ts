import type { Cluster } from '../cluster/cluster.js'
import type { GroupLag } from './group-lag.js'

/** How far a group has come with a partition; undefined when it has never said. */
export async function committedPosition(
  cluster: Cluster,
  groupId: string,
  topic: string,
  partition: number,
): Promise<number | undefined> {
  const [group] = await cluster.admin.listConsumerGroupOffsets({
    groups: [{ groupId, topics: [{ name: topic, partitionIndexes: [partition] }] }],
  })
  const committed = Number(group?.topics[0]?.partitions[0]?.committedOffset ?? -1n)
  return committed < 0 ? undefined : committed
}

/** @param prefix what topics and groups begin with at the broker; it is left out of the names that are returned */
export async function lagOf(cluster: Cluster, prefix: string, group: string): Promise<readonly GroupLag[]> {
  const [found] = await cluster.admin.listConsumerGroupOffsets({ groups: [prefix + group] })
  const topics = found?.topics ?? []
  if (topics.length === 0) return []
  const ends = await cluster.admin.listOffsets({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, timestamp: -1n })),
    })),
  })
  const endOf = new Map(
    ends.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, offset }) => [`${partitionIndex} ${name}`, Number(offset)] as const),
    ),
  )
  return topics.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ committedOffset }) => committedOffset >= 0n)
      .map(({ partitionIndex, committedOffset }) => {
        const committed = Number(committedOffset)
        const end = endOf.get(`${partitionIndex} ${name}`) ?? committed
        const topic = name.startsWith(prefix) ? name.slice(prefix.length) : name
        return { topic, partition: partitionIndex, committed, end, lag: Math.max(0, end - committed) }
      }),
  )
}
