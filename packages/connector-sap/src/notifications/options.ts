import type { RawPayload } from '@andon/core/connector'
import * as z from 'zod'
import type { S4HanaOptions } from '../s4hana/options.js'
import { s4hanaSchema } from '../s4hana/options.js'
import type { SapDefect, SapNotification } from './entities.js'

type Connection = Pick<
  S4HanaOptions,
  'url' | 'auth' | 'client' | 'language' | 'timeoutMs' | 'maxBytes' | 'connections' | 'tls'
>

/** A notification or a defect, with the names that SAP has for its fields. */
export type SapFinding =
  | { readonly kind: 'notification'; readonly notification: SapNotification }
  | { readonly kind: 'defect'; readonly defect: SapDefect }

export interface SapNotificationsOptions extends Connection {
  /** Default `sap`. */
  readonly name?: string
  /** Types of the notifications that are feedback; default `['Q1']`, customers' complaints. */
  readonly types?: readonly string[]
  /** Brings the defects of `API_DEFECT_SRV` too; default false. */
  readonly defects?: boolean
  /** Only of these plants; default: all that the user may see. */
  readonly plants?: readonly string[]
  /** As the target has it: product models as Andon knows them → material numbers. Here it is read backwards. */
  readonly materials?: Readonly<Record<string, string>>
  /**
   * The field of your own in which `s4hana` keeps action ids. With it, a notification is Andon's own when the field is
   * filled. Without it, when its headline ends with a mark of 16 characters; a complaint whose headline ends with a
   * serial number that looks like one (16 capitals and digits, without I, L, O and U, not digits alone) is then left out.
   */
  readonly actionIdField?: string
  /**
   * Where a source begins that never ran: with the oldest that is kept, with the next change, or with changes from an
   * instant on (RFC 3339). Default `now`. `now` is kept with the first batch: what comes between the first start and a
   * restart without any batch is not brought.
   */
  readonly from?: 'oldest' | 'now' | (string & {})
  /** The most in one batch, of notifications or of defects; default 100. */
  readonly batchSize?: number
  /** The pause before the next question when there was nothing more, in ms; default 10,000. */
  readonly pollMs?: number
  /**
   * How far each round looks back behind the newest change that it knows, in ms; default 120,000. SAP stamps a change
   * before it is visible: one that takes longer to be saved than this is missed. What was brought within that time is
   * remembered in the position, 40 bytes each.
   */
  readonly lookBackMs?: number
  /** Of the feedback; default: none. */
  readonly tenant?: string
  /** What the channel gets; default {@link findingPayload}. Undefined leaves it out. */
  readonly payload?: (finding: SapFinding) => RawPayload | undefined
}

const { url, auth, client, language, timeoutMs, maxBytes, connections, tls, materials, actionIdField } =
  s4hanaSchema.shape

export const sapNotificationsSchema = z.strictObject({
  ...{ url, auth, client, language, timeoutMs, maxBytes, connections, tls, materials, actionIdField },
  name: z.string().trim().min(1).max(100).default('sap'),
  types: z.array(z.string().min(1).max(2)).min(1).max(50).default(['Q1']),
  defects: z.boolean().default(false),
  plants: z.array(z.string().min(1).max(4)).min(1).max(50).optional(),
  from: z
    .union([z.enum(['oldest', 'now']), z.iso.datetime({ offset: true })], {
      error: 'must be oldest, now, or an instant such as 2026-03-01T08:00:00Z',
    })
    .default('now'),
  batchSize: z.int().min(1).max(1_000).default(100),
  pollMs: z.int().min(10).max(3_600_000).default(10_000),
  lookBackMs: z.int().min(0).max(86_400_000).default(120_000),
  tenant: z.string().min(1).optional(),
  payload: z
    .custom<(finding: SapFinding) => RawPayload | undefined>(
      (value) => typeof value === 'function',
      'must be a function',
    )
    .optional(),
})

export type SapNotificationsSettings = z.output<typeof sapNotificationsSchema>
