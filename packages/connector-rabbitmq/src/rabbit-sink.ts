import { type CloudEvent, cloudEventType, type Health, parseOptions, type Sink } from '@andon/core/connector'
import type { ChannelModel } from 'amqplib'
import * as z from 'zod'
import { quorum } from './layout/topology.js'
import { withChannel } from './link/channels.js'
import { connectionShape, type RabbitConnectionOptions } from './link/connection-options.js'
import { healthOf } from './link/health.js'
import { RabbitLink } from './link/link.js'
import { type Outgoing, Publisher } from './publish/publisher.js'

export interface RabbitSinkOptions extends RabbitConnectionOptions {
  /** Default `rabbitmq`. */
  readonly name?: string
  /** The topic exchange that events go to, by their type (`io.andon.signal.opened`); made where it is not there. Default `andon.events`. */
  readonly exchange?: string
  /**
   * A durable queue that gets them all, made where it is not there; default `andon.events`. `false`: the queues are
   * yours, and an event that none of them is bound to is dropped, as a topic exchange does.
   */
  readonly queue?: string | false
}

const name = z.string().min(1).max(255)
const optionsSchema = z.strictObject({
  ...connectionShape,
  name: z.string().min(1).default('rabbitmq'),
  exchange: name.default('andon.events'),
  queue: z.union([z.literal(false), name]).default('andon.events'),
})

/**
 * Publishes CloudEvents in structured JSON: one message each, `message-id` is the event's id, `type` its type. Durable
 * when the broker has confirmed, in order.
 *
 * @throws AndonError OPTIONS_INVALID naming the option. Later: SINK_FAILED.
 */
export function rabbitSink(
  options: RabbitSinkOptions,
): Sink & { check(): Promise<Health>; close(): Promise<void> } {
  const checked = parseOptions(optionsSchema, options, 'rabbitSink')
  const { exchange, queue } = checked
  const link = new RabbitLink(checked, { kind: 'sink', name: checked.name })
  const declare = (model: ChannelModel): Promise<void> =>
    withChannel(model, async (channel) => {
      await channel.assertExchange(exchange, 'topic', { durable: true })
      if (queue === false) return
      await channel.assertQueue(queue, { durable: true, arguments: quorum })
      await channel.bindQueue(queue, exchange, '#')
    })
  const publisher = new Publisher(link, checked.deliveryTimeoutMs, declare)

  return {
    contract: 1,
    name: checked.name,
    capabilities: { durable: true, exchange, format: 'cloudevents+json' },
    publish: (events) =>
      publisher.publish(events.map((event) => outgoingOf(event, exchange, queue !== false))),
    check: () => healthOf([link], checked.connectTimeoutMs),
    async close() {
      publisher.close()
      await link.close()
    },
  }
}

function outgoingOf(event: CloudEvent, exchange: string, mandatory: boolean): Outgoing {
  return {
    exchange,
    routingKey: event.type,
    body: Buffer.from(JSON.stringify(event)),
    properties: {
      messageId: event.id,
      contentType: cloudEventType,
      type: event.type,
      // AMQP has seconds.
      timestamp: Math.floor(Date.parse(event.time) / 1000),
      persistent: true,
      mandatory,
      ...(event.traceparent === undefined ? {} : { headers: { traceparent: event.traceparent } }),
    },
  }
}
