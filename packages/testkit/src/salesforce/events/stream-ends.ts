import type { StreamEnd } from '../salesforce.js'
import type { GrpcCall, GrpcStatus } from './grpc-server.js'

const prefix = 'sfdc.platform.eventbus.grpc.'

const status = (code: number, errorCode: string, message: string): GrpcStatus => ({
  code,
  errorCode: `${prefix}${errorCode}`,
  message,
})

/** What the bus refuses, in its own words. */
export const refusals = {
  unavailable: status(13, 'service.unavailable', 'The service is unavailable, try again later'),
  unauthenticated: status(16, 'service.auth.error', 'An authentication exception occurred'),
  corrupted: status(3, 'subscription.fetch.replayid.corrupted', 'The Replay ID could not be decoded'),
  unknownReplayId: status(
    3,
    'subscription.fetch.replayid.validation.failed',
    'The Replay ID validation failed: it is not retained',
  ),
  badCount: status(
    3,
    'subscription.fetch.requested.events.invalid',
    'The number of requested events must be greater than zero',
  ),
  deliveryLimit: status(8, 'subscription.limit.exceeded', 'The event delivery limit is exceeded'),
  noTopic: status(7, 'topic.not.found', 'The topic does not exist, or access to it is denied'),
  noSchema: status(5, 'schema.not.found', 'The schema does not exist'),
  badRequest: status(3, 'request.invalid', 'The request is not valid'),
  idle: status(13, 'subscription.fetch.timeout', 'No events were requested for too long'),
}

export function endCall(call: GrpcCall, how: StreamEnd): void {
  switch (how) {
    case 'unavailable':
      call.end(refusals.unavailable)
      return
    case 'unauthenticated':
      call.end(refusals.unauthenticated)
      return
    case 'completed':
      call.end({ code: 0 })
      return
    case 'reset':
      call.reset()
      return
    // Half a message is sent where there is one.
    case 'socket':
    case 'half-message':
      call.destroyConnection()
  }
}
