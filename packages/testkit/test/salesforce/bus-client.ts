import { fileURLToPath } from 'node:url'
import { credentials, type GrpcObject, loadPackageDefinition, Metadata } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import avsc from 'avsc'
import type { Salesforce } from '../../src/index.js'

/** As the usual gRPC library reads them; longs of Avro as bigint. */
export interface SeenEvent {
  readonly replayId: string
  readonly schemaId: string
  readonly header: {
    readonly entityName: string
    readonly recordIds: readonly string[]
    readonly changeType: string
    readonly changeOrigin: string
    readonly transactionKey: string
    readonly sequenceNumber: number
    readonly commitNumber: bigint
    readonly changedFields: readonly string[]
    readonly nulledFields: readonly string[]
    readonly diffFields: readonly string[]
  }
  readonly fields: Readonly<Record<string, unknown>>
}

/** A FetchResponse or ManagedFetchResponse as proto-loader reads it. */
interface Response {
  readonly events: readonly { readonly event: WireEvent; readonly replayId: Buffer }[]
  readonly latestReplayId: Buffer
  readonly pendingNumRequested: number
  readonly commitResponse?: { readonly commitRequestId: string; readonly error: unknown } | null
}
interface WireEvent {
  readonly schemaId: string
  readonly payload: Buffer
}
interface Status {
  readonly code: number
  readonly metadata?: Metadata
}
interface Stream {
  on(event: 'data', take: (response: Response) => void): void
  on(event: 'error' | 'status', take: (status: Status) => void): void
  write(request: object): void
  cancel(): void
}
type Unary = (
  request: object,
  metadata: Metadata,
  done: (error: Error | null, answer: Readonly<Record<string, string>>) => void,
) => void
interface Client {
  GetTopic: Unary
  GetSchema: Unary
  Subscribe(metadata: Metadata): Stream
  ManagedSubscribe(metadata: Metadata): Stream
  close(): void
}

const errorCodeOf = ({ metadata }: Status): string => String(metadata?.get('error-code')[0] ?? '')

const proto = fileURLToPath(new URL('../../../connector-salesforce/proto/pubsub.proto', import.meta.url))

const long = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(value)
    return bytes
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (one: bigint, other: bigint) => Number(one - other),
})

/** A client of the Pub/Sub API by @grpc/grpc-js and avsc, which share nothing with the simulator. */
export function busClient(salesforce: Salesforce, token: string) {
  const definition = loadPackageDefinition(loadSync(proto, { enums: String, longs: String, defaults: true }))
  const { v1 } = definition.eventbus as GrpcObject
  const PubSub = (v1 as GrpcObject).PubSub as unknown as new (...given: unknown[]) => Client
  const client = new PubSub(salesforce.pubSubEndpoint, credentials.createInsecure())
  const metadata = (accessToken = token): Metadata => {
    const all = new Metadata()
    all.set('accesstoken', accessToken)
    all.set('instanceurl', salesforce.url)
    all.set('tenantid', salesforce.orgId)
    return all
  }
  const unary = (method: 'GetTopic' | 'GetSchema', request: object, accessToken = token) =>
    new Promise<Readonly<Record<string, string>>>((resolve, reject) =>
      client[method](request, metadata(accessToken), (error, answer) =>
        error === null ? resolve(answer) : reject(error),
      ),
    )
  const schemas = new Map<string, avsc.Type>()
  const decoded = async (
    { event, replayId }: Response['events'][number],
    accessToken: string,
  ): Promise<SeenEvent> => {
    const { schemaId, payload } = event
    let type = schemas.get(schemaId)
    if (type === undefined) {
      const { schemaJson } = await unary('GetSchema', { schemaId }, accessToken)
      type = avsc.Type.forSchema(JSON.parse(schemaJson ?? ''), { registry: { long } })
      schemas.set(schemaId, type)
    }
    const { ChangeEventHeader: header, ...fields } = type.fromBuffer(payload)
    return { replayId: replayId.toString('base64'), schemaId, header, fields }
  }

  return {
    unary,
    close: () => client.close(),
    /** Opens a stream; the first request goes out at once. */
    open(method: 'Subscribe' | 'ManagedSubscribe', first: object, accessToken = token) {
      const stream = client[method](metadata(accessToken))
      const responses: Response[] = []
      const events: Promise<SeenEvent>[] = []
      let ended: { code: number; errorCode: string } | undefined
      let wake: () => void = () => undefined
      stream.on('data', (response) => {
        responses.push(response)
        for (const event of response.events) events.push(decoded(event, accessToken))
        wake()
      })
      stream.on('error', (error) => {
        ended = { code: error.code, errorCode: errorCodeOf(error) }
        wake()
      })
      stream.on('status', (status) => {
        ended ??= { code: status.code, errorCode: errorCodeOf(status) }
        wake()
      })
      stream.write(first)
      const until = async (done: () => boolean): Promise<void> => {
        while (!done()) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
      return {
        responses,
        ask: (request: object) => stream.write(request),
        cancel: () => stream.cancel(),
        async events(count: number): Promise<readonly SeenEvent[]> {
          await until(() => events.length >= count || ended !== undefined)
          return Promise.all(events)
        },
        async messages(count: number) {
          await until(() => responses.length >= count || ended !== undefined)
          return responses
        },
        async end() {
          await until(() => ended !== undefined)
          return ended
        },
      }
    },
  }
}

export const topic = '/data/CaseChangeEvent'
