import type { FeedbackRecord } from '../../feedback/schema.js'
import { problemsOf } from '../../feedback/zod-reasons.js'
import type { Signal } from '../../signal/signal.js'
import type { Locale, Localized } from '../../text.js'
import type { Action, EffectTest } from '../action.js'
import type { ActionKind } from '../kinds/kind.js'
import type { Limits, Mode } from './limits.js'
import type { Phase } from './phase.js'

export interface Decision {
  readonly status: 'shadow' | 'awaiting-approval' | 'approved' | 'refused'
  /** Why, in words. */
  readonly note: Localized
  /** Of the rule of the policy that decided. */
  readonly name?: string
  readonly mode?: Mode
  /** The signatures it waits for; absent: one, in any role. */
  readonly needs?: Action['needs']
  /** A leader can cancel it for so long before it is carried out (ms). */
  readonly graceMs?: number
  /** Not begun later than so long after the finding (ms). */
  readonly deadlineMs?: number
  /** Its effect is taken back after so long (ms). */
  readonly expiryMs?: number
  readonly limits?: Limits
  readonly tests?: readonly EffectTest[]
}

/** What a decision may look at. */
export interface PolicyContext {
  readonly action: Action
  readonly signal: Signal
  readonly kind: ActionKind | undefined
  /** The target can undo what it does. */
  readonly reversible: boolean
  /** The latest feedback of the finding. */
  readonly about: FeedbackRecord | undefined
  /** Where the roll-out in its product line stands; absent: no phase bounds it. */
  readonly phase?: Phase
}

/** Decides per action. Called after the gates, which no policy can open. */
export type Policy = (context: PolicyContext) => Decision

/**
 * The gates of DESIGN section 4: category, line and model must be known before any production action,
 * and a batch before a hold. Parameters are checked against the kind's schema.
 */
export function gate({ action, kind, about }: PolicyContext): Decision | undefined {
  if (kind === undefined) return undefined
  const checked = kind.params.safeParse(action.params)
  if (!checked.success) {
    const problems = problemsOf(checked.error.issues, action.params)
    const told = (locale: Locale, separator: string): string =>
      problems
        .slice(0, problemsTold)
        .map(
          ({ field, value, reason }) =>
            `${field === '' ? action.kind : field}${value === '' ? '' : ` (${value})`} ${reason[locale]}`,
        )
        .join(separator)
    return refused(
      `The parameters of ${action.kind} are not valid: ${told('en', '; ')}.`,
      `${action.kind} 的参数无效：${told('zh', '；')}。`,
    )
  }
  if (!kind.production) return undefined
  const missing = [
    about?.productCategory === undefined && 'product_category',
    about?.productLine === undefined && 'product_line',
    about?.productModel === undefined && 'product_model',
  ].filter((name) => name !== false)
  if (missing.length > 0) {
    return refused(
      `A production action needs a known product; missing: ${missing.join(', ')}.`,
      `生产动作需要明确的产品信息；缺少：${missing.join('、')}。`,
    )
  }
  return undefined
}

/** One mistake seldom comes alone, and a note must stay readable. */
const problemsTold = 3

function refused(en: string, zh: string): Decision {
  return { status: 'refused', note: { en, zh } }
}
