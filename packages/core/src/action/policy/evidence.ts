import type { Localized } from '../../text.js'
import type { Phase } from './phase.js'
import { following } from './phases.js'
import { wilsonLowerBound } from './wilson.js'

/** What was seen of the actions in one product line since its phase began. */
export interface PhaseEvidence {
  /** When counting began (epoch ms): with the phase. */
  readonly since: number
  /** Shadow decisions that a person reviewed and would have taken, too. */
  readonly agreed: number
  /** … and would not have taken. */
  readonly disagreed: number
  /** Actions whose effect was verified. */
  readonly effective: number
  /** Actions that were verified to have had none. */
  readonly notEffective: number
  /** Actions that did harm. */
  readonly harmful: number
}

export type EvidenceEvent =
  | { readonly kind: 'reviewed'; readonly agreed: boolean }
  | { readonly kind: 'verdict'; readonly effective: boolean }
  | { readonly kind: 'harm' }

/** A phase begins without evidence: what was counted in the one before does not count again. */
export const noEvidence = (since: number): PhaseEvidence => ({
  since,
  ...{ agreed: 0, disagreed: 0, effective: 0, notEffective: 0, harmful: 0 },
})

export function evidenceAfter(evidence: PhaseEvidence, event: EvidenceEvent): PhaseEvidence {
  switch (event.kind) {
    case 'reviewed':
      return event.agreed
        ? { ...evidence, agreed: evidence.agreed + 1 }
        : { ...evidence, disagreed: evidence.disagreed + 1 }
    case 'verdict':
      return event.effective
        ? { ...evidence, effective: evidence.effective + 1 }
        : { ...evidence, notEffective: evidence.notEffective + 1 }
    case 'harm':
      return { ...evidence, harmful: evidence.harmful + 1 }
  }
}

interface Bar {
  /** Fewer tell nothing. */
  readonly least: number
  /** Of the share's 95 % lower bound. */
  readonly share: number
  readonly counted: Localized
  readonly good: Localized
  readonly count: (evidence: PhaseEvidence) => readonly [good: number, bad: number]
}

const agreement: Bar = {
  least: 20,
  share: 0.8,
  counted: { en: 'reviewed shadow decisions', zh: '条已复核的影子决策' },
  good: { en: 'agreement', zh: '认同率' },
  count: ({ agreed, disagreed }) => [agreed, disagreed],
}
const effect: Bar = {
  least: 20,
  share: 0.6,
  counted: { en: 'verified actions', zh: '个已验证的动作' },
  good: { en: 'effectiveness', zh: '有效率' },
  count: ({ effective, notEffective }) => [effective, notEffective],
}

/** What has to be shown before a phase ends. Twenty of twenty agreed are at least 83.9 %, nineteen of twenty only 76.4 %. */
const bars: Readonly<Record<Phase, Bar | undefined>> = {
  pilot: agreement,
  extension: effect,
  optimisation: undefined,
}

/** Whether a product line may go on to the next phase, and in numbers why or what is missing. */
export function mayPromote(
  phase: Phase,
  evidence: PhaseEvidence,
): { readonly allowed: boolean; readonly text: Localized } {
  const next = following(phase)
  const bar = bars[phase]
  if (next === undefined || bar === undefined) {
    return {
      allowed: false,
      text: { en: `${phase} is the last phase.`, zh: `${phase} 已是最后阶段。` },
    }
  }
  const [good, bad] = bar.count(evidence)
  const trials = good + bad
  const bound = wilsonLowerBound(good, trials)
  const met = trials >= bar.least && bound >= bar.share
  const allowed = met && evidence.harmful === 0
  const numbers = {
    en: `${trials} ${bar.counted.en} (${bar.least} needed), ${bar.good.en} ${good} of ${trials}: at least ${percent(bound)} (${percent(bar.share)} needed), harmful actions: ${evidence.harmful} (0 allowed).`,
    zh: `${trials} ${bar.counted.zh}（需 ${bar.least}），${bar.good.zh} ${good}/${trials}，下限 ${percent(bound)}（需 ${percent(bar.share)}），有害动作 ${evidence.harmful} 个（须为 0）。`,
  }
  return {
    allowed,
    text: allowed
      ? { en: `May go on to ${next}: ${numbers.en}`, zh: `可进入 ${next} 阶段：${numbers.zh}` }
      : { en: `Not yet ${next}: ${numbers.en}`, zh: `尚不能进入 ${next} 阶段：${numbers.zh}` },
  }
}

/** Rounded down: what is just not enough must not look as if it were. */
const percent = (share: number): string => `${(Math.floor(share * 1000 + 1e-9) / 10).toFixed(1)} %`
