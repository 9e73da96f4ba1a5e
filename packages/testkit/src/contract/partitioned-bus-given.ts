import type { PartitionedBus } from '@andon/core/connector'
import type { Disposable } from './suite.js'

/** A member of a group in a process of its own. */
export interface StrangeMember {
  /** How many partitions it has now. */
  held(): number | Promise<number>
  /** SIGKILL: no goodbye is said. */
  kill(): Promise<void>
}

/** A partitioned bus under test. */
export interface PartitionedBusGiven extends Disposable {
  readonly bus: PartitionedBus
  /** A topic's name that nobody has used; the topic is not there. */
  topic(): string
  /** Another bus on the same broker, as another process has it. */
  restart(): Promise<PartitionedBus>
  /** Another process that joins the group, takes what it is given and keeps it. */
  member(topic: string, group: string): Promise<StrangeMember>
  /** How far the broker thinks that the group is with a partition. */
  committed?(topic: string, partition: number, group: string): Promise<number | undefined>
  /** The longest wait for a message or a partition while all are well; default 10,000. */
  readonly patienceMs?: number
  /** How long after a member's death others must have its partitions; default 10,000. */
  readonly handoverMs?: number
  readonly readAhead?: {
    /** How many messages of a partition are held at most that nobody has asked for. */
    readonly limit: number
    /** How many messages of the partition the bus has taken from the broker so far. */
    pulled(topic: string, partition: number): number | Promise<number>
  }
}

export type PartitionedBusCaseId =
  | 'creates'
  | 'kept'
  | 'fewer'
  | 'keys'
  | 'positions'
  | 'content'
  | 'from'
  | 'append'
  | 'waiting'
  | 'read-ends'
  | 'read-backpressure'
  | 'commit'
  | 'all'
  | 'groups'
  | 'join'
  | 'leave'
  | 'death'
  | 'release'
  | 'abort'
