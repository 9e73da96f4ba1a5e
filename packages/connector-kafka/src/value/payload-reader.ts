import type { Message, RawPayload } from '@andon/core/connector'
import { isAndonError, problemOf } from '@andon/core/errors'
import { type ChannelName, channelNames } from '@andon/core/feedback'
import { backoffMs, pause } from '../cluster/patience.js'
import type { DecodedValue, ValueCodec } from './value-codec.js'

export interface PayloadReaderOptions {
  /** Which parser reads all of them; absent: what each one's header says. */
  readonly channel: ChannelName | undefined
  readonly tenant: string | undefined
  /** Absent: values are handed on as they are. */
  readonly codec: ValueCodec | undefined
}

const channelHeader = 'andon-channel'
const tenantHeader = 'andon-tenant'
/** Why a value could not be read, for whoever looks at it in the quarantine. */
const problemHeader = 'andon-undecodable'
const schemaHeader = 'andon-schema'

const isChannel = (name: string | undefined): name is ChannelName =>
  name !== undefined && channelNames.some((known) => known === name)

/** Makes raw payloads of messages. */
export class PayloadReader {
  readonly #options: PayloadReaderOptions

  constructor(options: PayloadReaderOptions) {
    this.#options = options
  }

  /** Waits for a registry that is gone; undefined when `signal` is aborted meanwhile. */
  async read(messages: readonly Message[], signal: AbortSignal): Promise<readonly RawPayload[] | undefined> {
    const { codec } = this.#options
    if (codec === undefined) return messages.map((message) => this.#payload(message, message.body))
    const payloads: RawPayload[] = []
    for (const message of messages) {
      const payload = await this.#decoded(codec, message, signal)
      if (payload === undefined) return undefined
      payloads.push(payload)
    }
    return payloads
  }

  async #decoded(codec: ValueCodec, message: Message, signal: AbortSignal): Promise<RawPayload | undefined> {
    for (let tries = 1; !signal.aborted; tries += 1) {
      try {
        const decoded = codec.decode(message.body)
        const { text, schema }: DecodedValue = decoded instanceof Promise ? await decoded : decoded
        return this.#payload(message, text, schema === undefined ? {} : { [schemaHeader]: schema })
      } catch (error) {
        if (!isAndonError(error) || !error.retryable) {
          return this.#payload(message, message.body, { [problemHeader]: problemOf(error) })
        }
        await pause(backoffMs(tries), [signal])
      }
    }
    return undefined
  }

  #payload(message: Message, body: RawPayload['body'], more?: Readonly<Record<string, string>>): RawPayload {
    const { channel, tenant } = this.#options
    const headers = more === undefined ? message.headers : { ...message.headers, ...more }
    const said = headers?.[channelHeader]
    const name = channel ?? (isChannel(said) ? said : undefined)
    const owner = tenant ?? headers?.[tenantHeader]
    const contentType = headers?.['content-type']
    const traceparent = headers?.traceparent
    return {
      body,
      ...(name !== undefined && { channel: name }),
      ...(owner !== undefined && { tenant: owner }),
      ...(contentType !== undefined && { contentType }),
      ...(headers !== undefined && { headers }),
      ...(traceparent !== undefined && { traceparent }),
    }
  }
}
