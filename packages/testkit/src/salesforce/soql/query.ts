/** What a condition compares with. */
export type Literal =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  /** `2026-01-01` */
  | { readonly kind: 'date'; readonly value: string }
  /** Epoch ms. */
  | { readonly kind: 'datetime'; readonly value: number }

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE'

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'compare'; readonly path: string; readonly by: Comparison; readonly literal: Literal }
  | {
      readonly kind: 'in'
      readonly path: string
      readonly literals: readonly Literal[]
      readonly not: boolean
    }

export interface Ordering {
  readonly path: string
  readonly descending: boolean
  readonly nullsLast: boolean
}

export interface Query {
  /** Paths such as `Account.Name`; empty for COUNT(). */
  readonly select: readonly string[]
  readonly count: boolean
  readonly from: string
  readonly where?: Condition
  readonly orderBy: readonly Ordering[]
  readonly limit?: number
  readonly offset: number
  readonly allRows: boolean
}
