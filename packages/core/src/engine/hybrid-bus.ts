import * as z from 'zod'
import type { Bus } from '../connector/bus.js'
import { isPartitioned, type PartitionedBus } from '../connector/partitioned-bus.js'
import type { Health } from '../connector/plugin.js'
import { AndonError } from '../errors/index.js'
import { parseOptions } from '../options.js'

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
  isCommand: z
    .custom<(topic: string) => boolean>((value) => typeof value === 'function', 'must be a function')
    .optional(),
})

const isActionOrAlert = (topic: string): boolean => /^(?:actions|alerts)(?:\.|$)/.test(topic)

/**
 * Two buses as one, by topic. It adds nothing of its own: each topic has the promises of the bus that carries it, and
 * what the stream can do with partitions it can do. Closing it closes both.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 * @example `hybridBus({ stream: kafkaBus(…), commands: rabbitBus(…) })`
 */
export function hybridBus(options: HybridBusOptions<PartitionedBus>): PartitionedBus
export function hybridBus(options: HybridBusOptions): Bus
export function hybridBus(options: HybridBusOptions): Bus {
  const {
    name,
    stream,
    commands,
    isCommand = isActionOrAlert,
  } = parseOptions(optionsSchema, options, 'hybridBus')
  const busOf = (topic: string): Bus => (isCommand(topic) ? commands : stream)

  const both: Bus = {
    contract: 1,
    name,
    capabilities: {
      stream: { name: stream.name, ...stream.capabilities },
      commands: { name: commands.name, ...commands.capabilities },
    },
    publish: (topic, messages) => busOf(topic).publish(topic, messages),
    consume: (asked) => busOf(asked.topic).consume(asked),
    async check() {
      const healths = await Promise.all([stream, commands].map(healthOf))
      const details = healths.flatMap(({ detail }) => detail ?? [])
      return {
        ok: healths.every(({ ok }) => ok),
        ...(details.length === 0 ? {} : { detail: details.join('; ') }),
      }
    },
    async close() {
      // One that cannot be closed does not keep the other open.
      const closed = await Promise.allSettled([stream.close?.(), commands.close?.()])
      for (const result of closed) if (result.status === 'rejected') throw result.reason
    },
  }
  if (!isPartitioned(stream)) return both
  const partitioned: Pick<PartitionedBus, 'prepare' | 'partitions'> = {
    async prepare(topics) {
      // A bus for commands makes its own as they are needed, unless it has partitions, too.
      const [ofCommands = [], ofStream = []] = [true, false].map((wanted) =>
        topics.filter(({ topic }) => isCommand(topic) === wanted),
      )
      if (ofStream.length > 0) await stream.prepare(ofStream)
      if (ofCommands.length > 0 && isPartitioned(commands)) await commands.prepare(ofCommands)
    },
    partitions(asked) {
      const command = asked.topics.find(isCommand)
      if (command !== undefined) {
        const problem = `${command} is a topic of ${commands.name}, whose messages are not read by partition`
        throw new AndonError('BUS_FAILED', { details: { bus: name, problem }, retryable: false })
      }
      return stream.partitions(asked)
    },
  }
  return { ...both, ...partitioned }
}

/** A bus that cannot say how it is counts as well. */
async function healthOf(one: Bus): Promise<Health> {
  const { ok, detail } = (await one.check?.()) ?? { ok: true }
  return detail === undefined ? { ok } : { ok, detail: `${one.name}: ${detail}` }
}
