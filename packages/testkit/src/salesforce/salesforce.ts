import type { Simulator } from '../simulator/start-simulator.js'
import type { SalesforceChange, SalesforceRecord } from './record.js'

/** How a change made by the test itself is stamped. */
export interface ChangeOptions {
  /** Who did it, an id; the default is an agent of the company. */
  readonly user?: string
  /** As CDC tells it, e.g. `com/salesforce/api/rest/67.0;client=crm`; the default is that of the web interface. */
  readonly origin?: string
  /**
   * Ms before now at which the transaction began: SystemModstamp lies so far back, though the row becomes visible
   * only now. Default 0.
   */
  readonly begunAgoMs?: number
  /** The event that tells it is one over 1 MB or lost inside: `GAP_…` with ids only. Default false. */
  readonly gap?: boolean
}

/** How a stream ends before its time. */
export type StreamEnd =
  /** `service.unavailable`, code 13, in the trailers. */
  | 'unavailable'
  /** `service.auth.error`, code 16, in the trailers; the access token still holds for REST. */
  | 'unauthenticated'
  /** The stream is reset without trailers. */
  | 'reset'
  /** The TCP connection goes away. */
  | 'socket'
  /** Half of the next message, then the TCP connection goes away. */
  | 'half-message'
  /** Ends with code 0, as if all were said. */
  | 'completed'

/** What happens at the next message with events of any stream. */
export type MessageFault =
  /** Ends the stream before the message. */
  | { readonly kind: 'cut-before'; readonly how: StreamEnd }
  /** Ends the stream after it. */
  | { readonly kind: 'cut-after'; readonly how: StreamEnd }
  /** Its events come twice in a row, each time in a message of its own that does not count as asked for. */
  | { readonly kind: 'twice' }
  /** Up to so many events from before it come again in front of it. */
  | { readonly kind: 'repeat-before'; readonly events: number }
  /** Nothing more is ever sent on this stream, no keepalive either; HTTP/2 pings are still answered. */
  | { readonly kind: 'silent' }

/** What the test does to the event bus. */
export interface SalesforceEvents {
  /** Waits for the `messages`-th message with events from now on, over all streams; 1, the default, is the next. */
  next(fault: MessageFault, messages?: number): void
  /** How many such faults still wait. */
  readonly waiting: number
  /** Ends all streams now. */
  cut(how: StreamEnd): void
  /** All streams that are open now fall silent for ever; later ones do not. */
  silence(): void
  /** The next so many calls of GetSchema fail with `service.unavailable`; default 1. */
  failSchema(times?: number): void
  /** The next so many calls of GetTopic fail with `service.unavailable`; default 1. */
  failTopic(times?: number): void
  /** The next so many calls of Subscribe and ManagedSubscribe end at once in this way; default 1 time. */
  refuseStreams(how: StreamEnd, times?: number): void
  /** A transaction of over 100,000 changes: these are made, and only a GAP_OVERFLOW without ids tells of them. */
  overflow(changes: (change: SalesforceData) => void): void
  /** A GAP event without any change of ours, e.g. `GAP_UPDATE` with `['500*']`. */
  gap(object: string, changeType: string, recordIds: readonly string[]): void
  /** The object gets one more field (its name is returned, text of 255): later events have another schema. */
  evolveSchema(object?: string): string
  /** An org migration: all replay ids given out so far mean nothing any more; retained events get new ones. */
  forgetReplayIds(): void
  /** How many streams are open. */
  readonly streams: number
  /** How many streams were opened so far. */
  readonly opened: number
  /** How many events are retained. */
  readonly retained: number
  /** How many events were sent in all, repetitions among them. */
  readonly delivered: number
  /** How often GetSchema was called. */
  readonly schemaCalls: number
  /** The replay id (base64) that each managed subscription has committed, by developer name. */
  readonly committed: Readonly<Record<string, string>>
  /** The instance of each first request of a stream, in order: what its client asked to resume from. */
  readonly subscriptions: readonly StreamOpening[]
}

export interface StreamOpening {
  /** `/data/CaseChangeEvent`, or the developer name of a managed subscription. */
  readonly topic: string
  readonly preset: 'LATEST' | 'EARLIEST' | 'CUSTOM' | 'managed'
  /** base64; '' when none was given. */
  readonly replayId: string
  /** Epoch ms. */
  readonly at: number
}

/** Changes that people make in the company, with the rules of the org. They throw a RangeError where it refuses. */
export interface SalesforceData {
  /** Returns the new id. */
  create(object: string, fields: SalesforceRecord, options?: ChangeOptions): string
  update(object: string, id: string, fields: SalesforceRecord, options?: ChangeOptions): void
  delete(object: string, id: string, options?: ChangeOptions): void
  undelete(object: string, id: string, options?: ChangeOptions): void
  /** The losers are deleted with `MasterRecordId`, their comments and e-mails go to the master, which is updated. */
  merge(object: string, master: string, losers: readonly string[], options?: ChangeOptions): void
}

/** A simulated org: REST at `url`, the event bus at `pubSubEndpoint`. */
export interface Salesforce extends Simulator, SalesforceData {
  /** `host:port` of the Pub/Sub API; HTTP/2 without TLS. */
  readonly pubSubEndpoint: string
  /** 18 characters, the `tenantid` of the event bus. */
  readonly orgId: string
  /** The user that the connector logs in as. */
  readonly integrationUserId: string
  readonly events: SalesforceEvents
  /** Several changes in one transaction: one transactionKey, numbered; like changes of several records are one event. */
  transaction(changes: (change: SalesforceData) => void, options?: ChangeOptions): void
  /** All access tokens end now, and with them the streams. */
  expireTokens(): void
  /** From now on every access token is refused at once, new ones as well, until it is called with false. */
  refuseTokens(on: boolean): void
  /** The next `times` rows that the API writes (of the object, or of this id) fail with UNABLE_TO_LOCK_ROW. */
  lockRows(times: number, of?: { readonly object?: string; readonly id?: string }): void
  /** Uses up so many API calls of the 24 h quota. */
  useApiCalls(count: number): void
  /** API calls that count, within the last 24 h of the clock. */
  readonly apiCalls: number
  /** A copy of a record, deleted ones too; undefined when there is none. Long reads are not paged. */
  record(object: string, id: string): SalesforceRecord | undefined
  /** Copies of the records of an object that are not deleted, in the order of their creation. */
  records(object: string): readonly SalesforceRecord[]
  /** The latest changes that were committed (option `changeLog`), oldest first. */
  readonly changes: readonly SalesforceChange[]
  /** How many access tokens were given out, by grant. */
  readonly tokens: Readonly<Record<'jwt' | 'clientCredentials' | 'refresh', number>>
}
