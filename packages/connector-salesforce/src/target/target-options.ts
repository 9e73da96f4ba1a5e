import type { Action } from '@andon/core/connector'
import * as z from 'zod'
import { apiName, connectionShape, type SalesforceConnection } from '../connection-options.js'

/** A custom object that takes what is said, one record for each case and kind of message. */
export interface MessageObject {
  /** e.g. `Andon_Message__c` */
  readonly object: string
  /** Its external id, a unique text of 255: an upsert by it makes a message at most once, whatever happens on the way. */
  readonly key: string
  /** Its look-up to the case. */
  readonly case: string
  /** Long text area. */
  readonly text: string
  /** Text or picklist: takes `note` or `reply`. */
  readonly kind: string
}

export interface SalesforceCaseOptions extends SalesforceConnection {
  /** Default `salesforce`. */
  readonly name?: string
  /** Names under which `createAndon` has the sources that read this org; default `['salesforce']`. */
  readonly sources?: readonly string[]
  /**
   * Which cases an action is about, by their ids of 18 characters; default those that its quotes come from. An action has
   * the latest few quotes only: tell everybody behind a signal by asking your own store here.
   */
  readonly casesOf?: (action: Action) => readonly string[] | Promise<readonly string[]>
  /** Status of an action → status of the org's cases, e.g. `{ contained: 'Working' }`; others go as they are. */
  readonly statuses?: Readonly<Record<string, string>>
  /** A custom field of the case that links to the signal, e.g. `Andon_Signal__c`. */
  readonly signalField?: string
  /** What that field gets; default the id of the signal. */
  readonly signalLink?: (signalId: string) => string
  /** Where notes and replies go; default comments on the case, of which replies are published. */
  readonly messages?: MessageObject
  /** How often a row that somebody holds is tried within one execution, 1 to 10; default 5. */
  readonly lockTries?: number
}

const callable = <F>() => z.custom<F>((value) => typeof value === 'function', 'must be a function')

export const targetOptionsSchema = z.strictObject({
  ...connectionShape,
  name: z.string().min(1).max(200).default('salesforce'),
  sources: z.array(z.string().min(1)).min(1).default(['salesforce']),
  casesOf: callable<NonNullable<SalesforceCaseOptions['casesOf']>>().optional(),
  statuses: z.record(z.string().min(1), z.string().min(1)).default({}),
  signalField: apiName.optional(),
  signalLink: callable<(signalId: string) => string>().optional(),
  messages: z
    .strictObject({ object: apiName, key: apiName, case: apiName, text: apiName, kind: apiName })
    .optional(),
  lockTries: z.int().min(1).max(10).default(5),
})
export type CheckedTargetOptions = z.output<typeof targetOptionsSchema>
