import { status as codes } from '@grpc/grpc-js'
import * as z from 'zod'

/** Why a call of the event bus ended. */
export interface BusFailure {
  readonly kind: /** The session is not good any more. */
    | 'unauthenticated'
    /** The replay id is unknown: expired, of another org, or damaged. */
    | 'replay-id'
    /** The deliveries of 24 hours are used up, or too many streams are open. */
    | 'limit'
    /** The topic is not there, or we may not read it: events are not licensed or not switched on. */
    | 'topic'
    /** Anything that passes by itself. */
    | 'passing'
  /** Salesforce's own code without its prefix, e.g. `service.unavailable`. */
  readonly code: string
  /** gRPC status, e.g. 14. */
  readonly status: number
  readonly text: string
}

const prefix = 'sfdc.platform.eventbus.grpc.'

const errorSchema = z.object({
  code: z.number().catch(codes.UNKNOWN),
  details: z.string().catch(''),
  metadata: z.custom<{ get(key: string): unknown[] } | undefined>().optional(),
})

/** What an error of the gRPC client, or the end of a stream, comes down to. */
export function busFailureOf(error: unknown): BusFailure {
  const {
    code: status,
    details,
    metadata,
  } = errorSchema.catch({ code: codes.UNKNOWN, details: '' }).parse(error)
  const said = metadata?.get('error-code')[0]
  const code = typeof said === 'string' ? said.replace(prefix, '') : ''
  return { kind: kindOf(status, code), code, status, text: [code, details].filter(Boolean).join(': ') }
}

function kindOf(status: number, code: string): BusFailure['kind'] {
  if (status === codes.UNAUTHENTICATED || code.startsWith('service.auth')) return 'unauthenticated'
  if (code.includes('replayid')) return 'replay-id'
  // By the code alone: a message that is cut can look too large, which has the same status.
  if (code.includes('limit.exceeded')) return 'limit'
  if (status === codes.NOT_FOUND || status === codes.PERMISSION_DENIED || status === codes.UNIMPLEMENTED) {
    return 'topic'
  }
  return 'passing'
}

/** An error that carries the failure through code that only throws. */
export class BusError extends Error {
  override readonly name = 'BusError'
  constructor(readonly failure: BusFailure) {
    super(failure.text === '' ? `the event bus ended the call (${failure.status})` : failure.text)
  }
}
