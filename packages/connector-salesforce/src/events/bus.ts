import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  type ChannelOptions,
  type ClientDuplexStream,
  connectivityState,
  credentials,
  loadPackageDefinition,
  Metadata,
} from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import * as z from 'zod'
import type { Session } from '../auth/session-keeper.js'
import { BusError, busFailureOf } from './bus-failure.js'

/** As proto-loader reads `ConsumerEvent`. */
export interface WireEvent {
  readonly event: {
    readonly id: string
    readonly schemaId: string
    readonly payload: Uint8Array
  } | null
  readonly replayId: Uint8Array
}

/** `FetchResponse`, and `ManagedFetchResponse` with what became of a commit. */
export interface WireResponse {
  readonly events: readonly WireEvent[]
  readonly latestReplayId: Uint8Array
  readonly pendingNumRequested: number
  readonly commitResponse?: { readonly error: { readonly msg: string } | null } | null
}

/** `FetchRequest` or `ManagedFetchRequest`. */
export interface WireRequest {
  readonly topicName?: string
  readonly replayPreset?: 'LATEST' | 'EARLIEST' | 'CUSTOM'
  readonly replayId?: Uint8Array
  readonly developerName?: string
  readonly numRequested?: number
  readonly commitReplayIdRequest?: { readonly commitRequestId: string; readonly replayId: Uint8Array }
}

export type WireStream = ClientDuplexStream<WireRequest, WireResponse>

type Unary = (
  request: object,
  metadata: Metadata,
  options: { readonly deadline: number },
  callback: (error: unknown, answer: unknown) => void,
) => { cancel(): void }

/** What proto-loader makes of the service: a class without types. */
interface PubSubClient {
  GetSchema: Unary
  Subscribe(metadata: Metadata): WireStream
  ManagedSubscribe(metadata: Metadata): WireStream
  getChannel(): { getConnectivityState(tryToConnect: boolean): connectivityState }
  close(): void
}
type PubSubClass = new (
  address: string,
  creds: ReturnType<typeof credentials.createSsl>,
  options: ChannelOptions,
) => PubSubClient

const definitionSchema = z.object({
  eventbus: z.object({
    v1: z.object({ PubSub: z.custom<PubSubClass>((value) => typeof value === 'function') }),
  }),
})

function pubSubClass(): PubSubClass {
  // It stands in the package, whether this runs from its sources or its build.
  const manifest = createRequire(import.meta.url).resolve('@andon/connector-salesforce/package.json')
  const path = join(dirname(manifest), 'proto', 'pubsub.proto')
  const definition = loadSync(path, { enums: String, longs: String, defaults: true })
  return definitionSchema.parse(loadPackageDefinition(definition)).eventbus.v1.PubSub
}

const schemaInfoSchema = z.object({ schemaJson: z.string().min(1) })

export interface BusOptions {
  /** `host:port`, TLS; `http://host:port` without, as a simulator has it. */
  readonly endpoint: string
  /** The longest wait for the answer of one call (ms). */
  readonly timeoutMs: number
}

/** A TCP connection that died without a word is noticed by pings within these (ms). */
const pingEveryMs = 60_000
const pingAnswerMs = 20_000

/** The Pub/Sub API: one HTTP/2 connection for all calls. */
export class Bus {
  readonly #client: PubSubClient
  readonly #timeoutMs: number

  constructor({ endpoint, timeoutMs }: BusOptions) {
    const plain = endpoint.startsWith('http://')
    this.#timeoutMs = timeoutMs
    this.#client = new (pubSubClass())(
      endpoint.replace(/^https?:\/\//, ''),
      plain ? credentials.createInsecure() : credentials.createSsl(),
      {
        'grpc.keepalive_time_ms': pingEveryMs,
        'grpc.keepalive_timeout_ms': pingAnswerMs,
        // 100 events of up to 1 MB.
        'grpc.max_receive_message_length': 128 * 1024 * 1024,
        // Connects again soon: our own pauses decide how often.
        'grpc.initial_reconnect_backoff_ms': 100,
        'grpc.max_reconnect_backoff_ms': 5_000,
        // Two connectors in one process do not share a connection.
        'grpc.use_local_subchannel_pool': 1,
      },
    )
  }

  /** Avro as JSON. @throws BusError */
  async schema(schemaId: string, session: Session, signal: AbortSignal): Promise<string> {
    const answer = await this.#ask(
      (...rest) => this.#client.GetSchema({ schemaId }, ...rest),
      session,
      signal,
    )
    return schemaInfoSchema.parse(answer).schemaJson
  }

  subscribe(session: Session): WireStream {
    return this.#client.Subscribe(metadataOf(session))
  }

  managedSubscribe(session: Session): WireStream {
    return this.#client.ManagedSubscribe(metadataOf(session))
  }

  /** Whether there is a connection now: what is asked for is on its way. */
  get connected(): boolean {
    return this.#client.getChannel().getConnectivityState(false) === connectivityState.READY
  }

  close(): void {
    this.#client.close()
  }

  #ask(
    call: (
      metadata: Metadata,
      options: { readonly deadline: number },
      callback: (error: unknown, answer: unknown) => void,
    ) => { cancel(): void },
    session: Session,
    signal: AbortSignal,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const running = call(
        metadataOf(session),
        { deadline: Date.now() + this.#timeoutMs },
        (error, answer) => {
          signal.removeEventListener('abort', cancel)
          if (error === null || error === undefined) resolve(answer)
          else reject(new BusError(busFailureOf(error)))
        },
      )
      const cancel = (): void => running.cancel()
      signal.addEventListener('abort', cancel, { once: true })
      if (signal.aborted) cancel()
    })
  }
}

function metadataOf({ token, instanceUrl, orgId }: Session): Metadata {
  const metadata = new Metadata()
  metadata.set('accesstoken', token)
  metadata.set('instanceurl', instanceUrl)
  metadata.set('tenantid', orgId)
  return metadata
}
