import type { Bus, Message } from './bus.js'

/** A message in its place. */
export interface LoggedMessage extends Message {
  /** Its place in the partition: from 0 on, growing, perhaps with gaps. */
  readonly position: number
  /** When it was put there (epoch ms). */
  readonly at: number
}

/**
 * A partition in the hands of one member of a group: no other member has it meanwhile, but for a short overlap when a
 * member is taken for dead. Whoever writes on behalf of a partition fences itself in the store.
 */
export interface Partition {
  readonly topic: string
  /** From 0 on. */
  readonly number: number
  /** Aborted when another member is to have it, or nobody can tell any more who has it. */
  readonly lost: AbortSignal
  /**
   * Messages at and after `from`, in their order; at the end it waits for more. Backpressure is the iteration itself.
   * Ends without an error when the partition is lost or `signal` is aborted. What is older than what the broker still
   * keeps is left out: the first position is then later than `from`.
   *
   * @throws AndonError BUS_FAILED when the broker cannot be read and trying again will not help
   */
  read(options: {
    readonly from: number
    readonly signal: AbortSignal
  }): AsyncIterable<readonly LoggedMessage[]>
  /** Puts messages at the end of this partition, whatever their keys; durable when it resolves. */
  append(messages: readonly Message[]): Promise<void>
  /**
   * Tells the broker that the group is done with everything before `position`: for those who watch its lag. Where a
   * worker goes on is known to the store.
   */
  commit(position: number): Promise<void>
  /** Gives it back: nothing is done on its behalf any more. */
  release(): Promise<void>
}

/** A topic as it has to be. */
export interface TopicNeed {
  readonly topic: string
  /** Partitions to create it with; absent: the bus's own setting. A topic that is there is never changed. */
  readonly partitions?: number
}

export interface PartitionsOptions {
  readonly topics: readonly string[]
  /** Members of one group share the partitions; each group has them all. */
  readonly group: string
  readonly signal: AbortSignal
}

/**
 * A bus whose topics are logs in partitions, for workers that hold state by partition. A message's partition follows
 * from its key alone, and every process agrees on it.
 */
export interface PartitionedBus extends Bus {
  /**
   * Creates the topics that are not there.
   *
   * @throws AndonError BUS_FAILED for a topic that is there with fewer partitions than needed, saying how many
   */
  prepare(topics: readonly TopicNeed[]): Promise<void>
  /** Joins a group. Gives each partition when this member gets it, for as long as it keeps it; leaves when aborted. */
  partitions(options: PartitionsOptions): AsyncIterable<Partition>
}

/** Whether a bus has partitions that workers can share. */
export function isPartitioned(bus: Bus): bus is PartitionedBus {
  return 'partitions' in bus && typeof bus.partitions === 'function'
}
