import * as fc from 'fast-check'
import { examine } from './examine.mjs'
import { inputs } from './inputs.mjs'

const perRound = 10_000

/**
 * @typedef {object} FuzzResult
 * @property {number} inputs that were examined
 * @property {number} rules of them were valid rules
 * @property {number} predicates of them were valid conditions
 * @property {number} slow seemed slow and were measured again
 * @property {{ seed: number, path: string, input: string, problem: string } | undefined} failure the smallest input
 *   that was found for the first thing that does not hold
 */

/**
 * Examines as many texts as are asked for, the same ones for the same seed.
 *
 * @param {{ count: number, seed: number, progress?: (done: number) => void }} options
 * @returns {FuzzResult}
 */
export function fuzz({ count, seed, progress = () => undefined }) {
  const seen = { rules: 0, predicates: 0, slow: 0 }
  const property = fc.property(inputs, (text) => examine(text, seen))
  let done = 0
  for (let round = 0; done < count; round++) {
    const numRuns = Math.min(perRound, count - done)
    const roundSeed = (seed + round) | 0
    const found = fc.check(property, { seed: roundSeed, numRuns })
    if (found.failed) {
      const { counterexample, counterexamplePath, errorInstance } = found
      const failure = {
        seed: roundSeed,
        path: counterexamplePath ?? '',
        input: counterexample?.[0] ?? '',
        problem:
          errorInstance instanceof Error
            ? (errorInstance.stack ?? errorInstance.message)
            : String(errorInstance),
      }
      return { inputs: done + found.numRuns, ...seen, failure }
    }
    done += numRuns
    progress(done)
  }
  return { inputs: done, ...seen, failure: undefined }
}
