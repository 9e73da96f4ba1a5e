import type { TraceAnswer, TraceQuestion } from '../../connector/genealogy.js'
import type { Target } from '../../connector/target.js'
import type { Localized } from '../../text.js'
import { type AskOptions, askTwice } from '../ask-target.js'
import type { AffectedUnit, TraceGap } from './result.js'

/** What one target answered. */
export interface Answered {
  readonly target: string
  readonly answer: TraceAnswer
}

/** Asks every target that knows what belongs together; those that do not answer are gaps. */
export async function askForGenealogy(
  targets: Readonly<Record<string, Target>>,
  question: TraceQuestion,
  options: AskOptions,
): Promise<{ readonly answers: readonly Answered[]; readonly gaps: readonly TraceGap[] }> {
  const asked = await Promise.all(
    Object.entries(targets).flatMap(([name, target]) =>
      target.trace === undefined ? [] : [ask(name, target, question, options)],
    ),
  )
  return {
    answers: asked.flatMap((one) => ('answer' in one ? [one] : [])),
    gaps: asked.flatMap((one) => ('answer' in one ? [] : [{ what: 'target', id: one.target, ...one }])),
  }
}

async function ask(
  name: string,
  target: Target,
  question: TraceQuestion,
  options: AskOptions,
): Promise<Answered | { readonly target: string; readonly reason: Localized }> {
  const asked = await askTwice(name, options, async (context) => target.trace?.(question, context) ?? nothing)
  return 'answer' in asked ? { target: name, answer: asked.answer } : { target: name, reason: asked.problem }
}

const nothing: TraceAnswer = { units: [], batches: [], unknown: [], cut: false }

/** Every unit once; what one target leaves open another may tell, and the first is believed. */
export function unitsOf(answers: readonly Answered[]): readonly AffectedUnit[] {
  const units = new Map<string, AffectedUnit>()
  for (const { target, answer } of answers) {
    for (const unit of answer.units) {
      const known = units.get(unit.serial)
      units.set(unit.serial, { ...unit, ...known, targets: [...(known?.targets ?? []), target] })
    }
  }
  return [...units.values()]
}
