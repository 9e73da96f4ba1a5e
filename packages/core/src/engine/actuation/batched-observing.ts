import type { Observation, Subject } from '../../connector/subject.js'
import type { CallContext, Target } from '../../connector/target.js'
import { withDeadline } from './deadline.js'

interface Question {
  readonly subjects: readonly Subject[]
  readonly resolve: (observations: readonly Observation[]) => void
  readonly reject: (error: unknown) => void
}

/** Larger questions are asked one after another. */
const mostSubjects = 500

/**
 * The target, asking together what several actions want to know at once: while one question is under way the next ones
 * gather. Each gets the answer to its own; when the question fails, all fail.
 *
 * @param timeoutMs deadline of a question, whoever gathered in it
 */
export function batchedObserving(target: Target, name: string, timeoutMs: number, stop: AbortSignal): Target {
  const { observe } = target
  if (observe === undefined) return target
  let waiting: Question[] = []
  let isAsking = false

  async function askAll(context: CallContext): Promise<void> {
    isAsking = true
    // One turn of the event loop, so that those of the same turn ask together.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const questions = upTo(mostSubjects, waiting)
      waiting = waiting.slice(questions.length)
      const subjects = questions.flatMap((question) => question.subjects)
      try {
        const observations = await withDeadline(context.clock, timeoutMs, name, stop, (signal) =>
          Promise.resolve(observe?.call(target, subjects, { ...context, signal }) ?? []),
        )
        let first = 0
        for (const question of questions) {
          question.resolve(observations.slice(first, first + question.subjects.length))
          first += question.subjects.length
        }
      } catch (error) {
        for (const { reject } of questions) reject(error)
      }
    }
    isAsking = false
  }

  return {
    ...target,
    observe: (subjects, context) =>
      new Promise((resolve, reject) => {
        waiting.push({ subjects, resolve, reject })
        if (!isAsking) void askAll(context)
      }),
  }
}

/** The first questions that have at most so many subjects together; one at least. */
function upTo(most: number, questions: readonly Question[]): readonly Question[] {
  let subjects = 0
  const end = questions.findIndex((question, index) => {
    subjects += question.subjects.length
    return index > 0 && subjects > most
  })
  return end === -1 ? questions : questions.slice(0, end)
}
