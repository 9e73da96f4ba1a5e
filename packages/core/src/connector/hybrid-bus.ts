import * as z from 'zod'
import { parseOptions } from '../options.js'
import type { Bus } from './bus.js'
import { isPartitioned, type PartitionedBus } from './partitioned-bus.js'
import type { Health } from './plugin.js'

export interface HybridBusOptions<Stream extends Bus = Bus> {
  /** Default `hybrid`. */
  readonly name?: string
  /** Carries what is read in order and read again: feedback. */
  readonly stream: Stream
  /** Carries what is acknowledged one by one: actions and alerts. */
  readonly commands: Bus
  /** Which topics are commands; default: `actions` and `alerts`, and those that begin so (`actions.press-shop`). */
  readonly isCommand?: (topic: string) => boolean
}

const bus = z.custom<Bus>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    ['publish', 'consume'].every((method) => typeof Reflect.get(value, method) === 'function'),
  'must be a bus',
)
const optionsSchema = z.strictObject({
  name: z.string().min(1).default('hybrid'),
  stream: bus,
  commands: bus,
  isCommand: z.custom<(topic: string) => boolean>((value) => typeof value === 'function', 'must be a function').optional(),
})

const isActionOrAlert = (topic: string): boolean => /^(?:actions|alerts)(?:\.|$)/.test(topic)

/**
 * Two buses as one, by topic. It adds nothing of its own: each topic has the promises of the bus that carries it, and
 * what the stream can do with partitions it can do. Closing it closes both.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 * @example `hybridBus({ stream: kafkaBus(…), commands: rabbitBus(…) })`
 */
export function hybridBus(options: HybridBusOptions<PartitionedBus>): PartitionedBus & HybridHealth
export function hybridBus(options: HybridBusOptions): Bus & HybridHealth
export function hybridBus(options: HybridBusOptions): Bus & HybridHealth {
  const { name, stream, commands, isCommand = isActionOrAlert } = parseOptions(optionsSchema, options, 'hybridBus')
  const busOf = (topic: string): Bus => (isCommand(topic) ? commands : stream)

  const both: Bus & HybridHealth = {
    contract: 1,
    name,
    capabilities: {
      stream: { name: stream.name, ...stream.capabilities },
      commands: { name: commands.name, ...commands.capabilities },
    },
    publish: (topic, messages) => busOf(topic).publish(topic, messages),
    consume: (asked) => busOf(asked.topic).consume(asked),
    async check() {
      const [first, second] = await Promise.all([stream, commands].map(healthOf))
      const details = [first, second].flatMap((health) => health?.detail ?? [])
      return {
        ok: first?.ok !== false && second?.ok !== false,
        ...(details.length === 0 ? {} : { detail: details.join('; ') }),
      }
    },
    async close() {
      const closed = await Promise.allSettled([stream.close?.(), commands.close?.()])
      for (const result of closed) if (result.status === 'rejected') throw result.reason
    },
  }
  if (!isPartitioned(stream)) return both
  const partitioned: Pick<PartitionedBus, 'prepare' | 'partitions'> = {
    prepare: (topics) => stream.prepare(topics.filter(({ topic }) => !isCommand(topic))),
    partitions: (asked) => stream.partitions(asked),
  }
  return { ...both, ...partitioned }
}

/** Both buses are well, each with its name where it is not. */
export interface HybridHealth {
  check(): Promise<Health>
}

/** A bus that says how it is has a `check`, though the contract does not ask for one. */
async function healthOf(one: Bus): Promise<Health> {
  const check: unknown = Reflect.get(one, 'check')
  if (typeof check !== 'function') return { ok: true }
  const health: Health = await Reflect.apply(check, one, [])
  return health.ok || health.detail === undefined
    ? health
    : { ok: health.ok, detail: `${one.name}: ${health.detail}` }
}
