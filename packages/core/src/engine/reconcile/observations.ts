import type { Observation, Subject } from '../../connector/subject.js'
import type { CallContext, Target } from '../../connector/target.js'
import { AndonError } from '../../errors/index.js'

/** Asks how each subject stands; an answer with too few or too many observations is no answer. */
export async function observations(
  name: string,
  target: Target,
  subjects: readonly Subject[],
  context: CallContext,
): Promise<readonly Observation[]> {
  const answer = (await target.observe?.(subjects, context)) ?? []
  if (answer.length === subjects.length) return answer
  const problem = `it was asked about ${subjects.length} things and told about ${answer.length}`
  throw new AndonError('TARGET_UNAVAILABLE', {
    details: { target: name, problem },
    chinese: { problem: `询问了 ${subjects.length} 项，却回答了 ${answer.length} 项` },
  })
}
