import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Signal } from '../../signal/signal.js'
import type { Localized } from '../../text.js'
import type { Action, EffectTest } from '../action.js'
import type { ActionKind } from '../kinds/kind.js'
import type { Limits, Mode } from './limits.js'

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
}

/** Decides per action. Called after the gates, which no policy can open. */
export type Policy = (context: PolicyContext) => Decision

/** One mode for every action: production actions without an inverse are never more than advice. */
export function policyOf(mode: Mode): Policy {
  return ({ kind, reversible }) => {
    if (mode === 'shadow') {
      return {
        status: 'shadow',
        note: { en: 'Shadow mode: recorded, not carried out.', zh: '影子模式：仅记录，不执行。' },
      }
    }
    if (mode === 'auto') {
      if (kind?.production === true && !reversible) {
        return {
          status: 'awaiting-approval',
          note: {
            en: 'It cannot be undone, so a person must approve it.',
            zh: '该动作不可撤销，须经人工批准。',
          },
        }
      }
      return { status: 'approved', note: { en: 'Automatic.', zh: '自动执行。' } }
    }
    return {
      status: 'awaiting-approval',
      note: { en: 'Waiting for a signature.', zh: '等待签字批准。' },
    }
  }
}

/**
 * The gates of DESIGN section 4: category, line and model must be known before any production action,
 * and a batch before a hold. Parameters are checked against the kind's schema.
 */
export function gate({ action, kind, about }: PolicyContext): Decision | undefined {
  if (kind === undefined) return undefined
  const checked = kind.params.safeParse(action.params)
  if (!checked.success) {
    const issue = checked.error.issues[0]
    const where =
      issue?.path.join('.') || (issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'params')
    return refused(
      `Parameter ${where} of ${action.kind} is not valid: ${issue?.message ?? ''}.`,
      `${action.kind} 的参数 ${where} 无效：${issue?.message ?? ''}。`,
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

function refused(en: string, zh: string): Decision {
  return { status: 'refused', note: { en, zh } }
}
