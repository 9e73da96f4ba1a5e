import * as z from 'zod'
import type { Action, Review } from '../action/action.js'
import { decided } from '../action/life.js'
import { mayPromote, noEvidence } from '../action/policy/evidence.js'
import { following } from '../action/policy/phases.js'
import type { Clock } from '../connector/clock.js'
import type { Store } from '../connector/store.js'
import { AndonError } from '../errors/index.js'
import { parseOptions } from '../options.js'
import type { Localized } from '../text.js'
import { auditOf, type Step, takeSteps } from './actuation/step.js'
import { type LinePhase, type Phases, steppedDown } from './phases.js'

/** A product line's phase, and what the next one still needs. */
export interface PhaseReport extends LinePhase {
  /** Whether it may be promoted, and in numbers why or what is missing. */
  readonly next: { readonly allowed: boolean; readonly text: Localized }
}

export interface PromotionRequest {
  /** Default: the tenant of payloads that name none. */
  readonly tenant?: string
  /** Printed name. */
  readonly name: string
  /** What the signature means (21 CFR Part 11.50). */
  readonly meaning: string
}

export interface DemotionRequest {
  readonly tenant?: string
  readonly name: string
  readonly reason: string
}

export interface ReviewRequest {
  /** The person would have done the same. */
  readonly agreed: boolean
  /** It did harm, or would have: its product line goes a step back at once. */
  readonly harmful?: boolean
  readonly name: string
  readonly note?: string
}

/** What people do with the roll-out in product lines. */
export interface PhaseDesk {
  list(): readonly PhaseReport[]
  /**
   * To the next phase, on evidence.
   *
   * @throws AndonError PROMOTION_REFUSED with what is missing in numbers, NOT_FOUND, OPTIONS_INVALID
   */
  promote(productLine: string, request: PromotionRequest): Promise<LinePhase>
  /**
   * One step back; in the first phase evidence begins anew.
   *
   * @throws AndonError NOT_FOUND, OPTIONS_INVALID
   */
  demote(productLine: string, request: DemotionRequest): Promise<LinePhase>
  /**
   * Says whether a shadow action was right; it counts once. Of any other action only harm can be told.
   *
   * @throws AndonError REVIEW_REFUSED, NOT_FOUND, OPTIONS_INVALID
   */
  review(actionId: string, request: ReviewRequest): Promise<Action>
}

const tenantSchema = z.string().min(1).optional()
const nameSchema = z.string().trim().min(1).max(200)
const wordsSchema = z.string().trim().min(1).max(2000)
const ofPerson = { tenant: tenantSchema, name: nameSchema }
const promotionSchema = z.strictObject({ ...ofPerson, meaning: wordsSchema })
const demotionSchema = z.strictObject({ ...ofPerson, reason: wordsSchema })
const reviewSchema = z.strictObject({
  agreed: z.boolean(),
  harmful: z.boolean().optional(),
  name: nameSchema,
  note: wordsSchema.optional(),
})

export interface PhaseDeskOptions {
  readonly store: Store
  readonly clock: Clock
  readonly phases: Phases
  /** Of payloads that name none. */
  readonly tenant: string
  readonly changed: (action: Action) => void
}

export function phaseDesk({ store, clock, phases, tenant: usual, changed }: PhaseDeskOptions): PhaseDesk {
  async function change(
    of: string,
    productLine: string,
    work: Parameters<Phases['change']>[3],
  ): Promise<LinePhase> {
    const line = await store.transaction((transaction) => phases.change(transaction, of, productLine, work))
    if (line === undefined) {
      throw new AndonError('NOT_FOUND', {
        details: { kind: 'phase of a product line', id: productLine },
        chinese: { kind: '产品线阶段' },
      })
    }
    phases.refresh()
    await phases.settle()
    return line
  }

  return {
    list: () => phases.list(usual).map((line) => ({ ...line, next: mayPromote(line.phase, line.evidence) })),
    async promote(productLine, request) {
      const { tenant: of = usual, ...signature } = parseOptions(promotionSchema, request, 'phases.promote')
      return change(of, productLine, (line, at) => promoted(line, signature, at))
    },
    async demote(productLine, request) {
      const { tenant: of = usual, ...by } = parseOptions(demotionSchema, request, 'phases.demote')
      const because = { en: `${by.reason} (${by.name})`, zh: `${by.reason}（${by.name}）` }
      return change(of, productLine, (line, at) => steppedDown(line, at, because, by))
    },
    async review(actionId, request) {
      const { harmful = false, agreed, name: by, note } = parseOptions(reviewSchema, request, 'phases.review')
      const action = await store.transaction(async (transaction) => {
        const known = await transaction.getAction(actionId)
        if (known === undefined) {
          throw new AndonError('NOT_FOUND', { details: { kind: 'action', id: actionId } })
        }
        const review = { agreed, harmful, name: by, ...(note === undefined ? {} : { note }) }
        const step = reviewed(known, { ...review, at: new Date(clock.now()).toISOString() }, clock.now())
        await takeSteps(transaction, [step])
        const text = step.action.note ?? { en: '', zh: '' }
        if (harmful) await phases.count(transaction, known, { kind: 'harm' }, text)
        else await phases.count(transaction, known, { kind: 'reviewed', agreed }, text)
        return step.action
      })
      phases.refresh()
      await phases.settle()
      changed(action)
      return action
    },
  }
}

function promoted(
  line: LinePhase,
  signature: { readonly name: string; readonly meaning: string },
  at: number,
): ReturnType<Parameters<Phases['change']>[3]> {
  const { tenant: of, productLine, phase: from, evidence } = line
  const { allowed, text } = mayPromote(from, evidence)
  const phase = following(from)
  if (!allowed || phase === undefined) {
    throw new AndonError('PROMOTION_REFUSED', {
      details: { line: productLine, problem: text.en },
      chinese: { problem: text.zh },
    })
  }
  return {
    line: { ...line, phase, evidence: noEvidence(at) },
    audit: {
      ...{ tenant: of, at, what: 'phase.promoted' },
      data: {
        ...{ productLine, from, to: phase, evidence: { ...evidence }, text: { ...text } },
        signature: { ...signature, at: new Date(at).toISOString() },
      },
    },
  }
}

function reviewed(action: Action, review: Review, at: number): Step {
  const refusal = refusedReview(action, review)
  if (refusal !== undefined) {
    throw new AndonError('REVIEW_REFUSED', {
      details: { action: action.id, problem: refusal.en },
      chinese: { problem: refusal.zh },
    })
  }
  const { name: by, note } = review
  const said = opinionOf(review)
  const text = {
    en: `${by}: ${said.en}${note === undefined ? '' : ` (${note})`}`,
    zh: `${by}：${said.zh}${note === undefined ? '' : `（${note}）`}`,
  }
  const record = { at, by: 'person', name: by, outcome: action.status, text } as const
  return {
    action: { ...action, review, ...decided(action, record), updatedAt: at },
    audit: auditOf(action, 'action.reviewed', at, { ...review }),
  }
}

function refusedReview({ status, review }: Action, { harmful }: Review): Localized | undefined {
  if (review !== undefined && (review.harmful || !harmful)) {
    return { en: `${review.name} has reviewed it already`, zh: `${review.name} 已复核` }
  }
  if (status === 'shadow' || harmful) return undefined
  return {
    en: `it is ${status}, and only shadow actions are reviewed; of others harm can be told`,
    zh: `当前状态为 ${status}，仅影子动作可复核；其他动作只能上报有害`,
  }
}

function opinionOf({ agreed, harmful }: Review): Localized {
  if (harmful) return { en: 'it does harm', zh: '有害' }
  return agreed
    ? { en: 'would have done the same', zh: '认同该决策' }
    : { en: 'would not have done it', zh: '不认同该决策' }
}
