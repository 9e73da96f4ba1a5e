import type { RawPayload } from '@andon/core/connector'
import type { ChannelName } from '@andon/core/feedback'
import { type Row, type RowValue, textAt, valueAt } from '../rest/rows.js'
import type { CaseFact, CheckedCaseOptions } from './case-options.js'
import { instantOf } from './keyset-reader.js'

/** Salesforce's own origins, and those that companies add most. */
const usualOrigins: Readonly<Record<string, ChannelName>> = {
  Web: 'web',
  Email: 'email',
  Phone: 'call',
  Chat: 'livechat',
  Messaging: 'livechat',
  SMS: 'sms',
  WeChat: 'wechat',
  微信: 'wechat',
  Weibo: 'weibo',
  微博: 'weibo',
  App: 'app',
  'Mobile App': 'app',
  Store: 'store',
  门店: 'store',
  Ecommerce: 'ecommerce',
  电商: 'ecommerce',
  'Field Service': 'field-service',
  IoT: 'iot',
  电话: 'call',
  邮件: 'email',
  网站: 'web',
}

/** Where the facts of a product stand in every org; the first path that says something is taken. */
const usualFacts: readonly (readonly [CaseFact, string])[] = [
  ['productModel', 'Asset.Product2.ProductCode'],
  ['productModel', 'Product.ProductCode'],
  ['productCategory', 'Asset.Product2.Family'],
  ['productCategory', 'Product.Family'],
  ['serialNumber', 'Asset.SerialNumber'],
  ['region', 'Account.BillingState'],
  ['region', 'Account.BillingCountry'],
  ['customer', 'ContactId'],
  ['customer', 'SuppliedEmail'],
  ['customer', 'AccountId'],
  ['language', 'Language'],
]

/** How this version of the record came about. */
export interface CaseChange {
  /** CREATE, UPDATE, DELETE, UNDELETE, GAP_…, MERGE, or SNAPSHOT where it was read by a query. */
  readonly type: string
  /** RFC 3339: of the commit, or SystemModstamp where it was read by a query. */
  readonly at: string
  /** Which event told it. */
  readonly replayId?: string
  /** A 64-bit number as text. */
  readonly commitNumber?: string
  /** What the event says that changed. */
  readonly fields?: readonly string[]
}

/** What somebody said: the case itself, a comment on it, or an e-mail to it. */
export interface Said {
  readonly kind: 'case' | 'comment' | 'email'
  /** 18 characters; of a comment or an e-mail `case/its own`. */
  readonly id: string
  readonly text: string
  /** RFC 3339. */
  readonly at: string | undefined
}

export type PayloadMaker = (said: Said, record: Row, change: CaseChange) => RawPayload

/**
 * Makes a payload of a record and what was said: the format `crmCase` 1, which every channel parser of `@andon/channels`
 * reads for its own channel. The record is carried verbatim; `facts` are what the options say that it means.
 */
export function payloadMaker(options: CheckedCaseOptions): PayloadMaker {
  const origins = new Map(Object.entries({ ...usualOrigins, ...options.origins }))
  const own = Object.entries(options.fields).flatMap(([fact, path]): [string, string][] =>
    path === undefined ? [] : [[fact, path]],
  )
  // What the options say goes first, and alone for its fact.
  const named = new Set(own.map(([fact]) => fact))
  const paths = [...own, ...usualFacts.filter(([fact]) => !named.has(fact))]
  return (said, record, change) => {
    const origin = textAt(record, 'Origin')
    const known = origin === undefined ? undefined : origins.get(origin)
    // An e-mail to a case that began on the telephone is an e-mail.
    const channel = said.kind === 'email' ? 'email' : (known ?? options.otherOrigin)
    const severity = options.severities[textAt(record, 'Priority') ?? '']
    const subject = textAt(record, 'Subject')
    const body = {
      crmCase: 1,
      system: 'salesforce',
      channel,
      kind: said.kind,
      id: said.id,
      said: said.text,
      ...(subject === undefined ? {} : { subject }),
      ...(said.at === undefined ? {} : { at: said.at }),
      facts: factsOf(record, paths),
      ...(severity === undefined ? {} : { severity }),
      change,
      record,
    }
    return {
      body,
      channel,
      ...(options.tenant === undefined ? {} : { tenant: options.tenant }),
    }
  }
}

function factsOf(record: Row, paths: readonly (readonly [string, string])[]): Record<string, RowValue> {
  const facts: Record<string, RowValue> = {}
  for (const [fact, path] of paths) {
    const value = valueAt(record, path)
    if (value !== undefined && value !== '' && facts[fact] === undefined) facts[fact] = value
  }
  return facts
}

/** What the customer said in the case itself; undefined where there is not one word. */
export function saidInCase(record: Row): Said | undefined {
  const id = textAt(record, 'Id')
  const subject = textAt(record, 'Subject')
  const description = textAt(record, 'Description')
  const repeated = subject !== undefined && description?.startsWith(subject) === true
  const text = [repeated ? undefined : subject, description].filter((part) => part !== undefined).join('\n')
  if (id === undefined || text === '') return undefined
  const created = textAt(record, 'CreatedDate')
  return { kind: 'case', id, text, at: created === undefined ? undefined : instantOf(created) }
}

/** DELETE and MERGE where the record says so, else `type`. */
export function changeType(record: Row, type: string): string {
  if (valueAt(record, 'IsDeleted') !== true) return type
  return textAt(record, 'MasterRecordId') === undefined ? 'DELETE' : 'MERGE'
}
