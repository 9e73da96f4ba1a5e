/**
 * Runs jobs a few at a time and keeps the order of the answers.
 *
 * @template T, R
 * @param {readonly T[]} items
 * @param {number} limit
 * @param {(item: T) => Promise<R>} job
 * @returns {Promise<R[]>}
 */
export async function inParallel(items, limit, job) {
  /** @type {R[]} */
  const answers = []
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) {
      answers[index] = await job(item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return answers
}
