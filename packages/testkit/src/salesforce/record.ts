/** A value of a field as REST gives it: date-times as `2026-01-01T08:00:00.000+0000`, dates as `2026-01-01`. */
export type SalesforceValue = string | number | boolean | null

export type SalesforceRecord = Readonly<Record<string, SalesforceValue>>

/** One committed change of one record. */
export interface SalesforceChange {
  readonly object: string
  readonly id: string
  readonly type: 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE'
  /** What was set; empty for DELETE and UNDELETE. */
  readonly fields: SalesforceRecord
  /** `changeOrigin` of CDC. */
  readonly origin: string
  /** User id. */
  readonly user: string
  /** Epoch ms of the commit. */
  readonly at: number
}
