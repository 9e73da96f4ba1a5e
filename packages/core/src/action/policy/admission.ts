import type { Localized } from '../../text.js'
import type { Action } from '../action.js'
import type { ActionKind } from '../kinds/kind.js'

export interface AdmissionQuestion {
  readonly action: Action
  readonly kind: ActionKind | undefined
  readonly signed: boolean
  readonly now: number
  readonly reversal: boolean
  readonly to?: number
  readonly parameter?: {
    readonly value?: number
    readonly unit?: string
    readonly low?: number
    readonly high?: number
    readonly maxStep?: number
    readonly dwellSeconds?: number
    readonly changedAt?: number
  }
  readonly startedInLastHour: readonly number[]
}
export type Admission =
  | { readonly outcome: 'run' }
  | { readonly outcome: 'wait'; readonly until: number; readonly name: string; readonly text: Localized }
  | { readonly outcome: 'ask' | 'refuse'; readonly name: string; readonly text: Localized }

export function admit(_question: AdmissionQuestion): Admission {
  return { outcome: 'run' }
}
