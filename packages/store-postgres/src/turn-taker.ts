import type { Tasks } from './tasks.js'

interface Waiting<Job, Answer> {
  readonly job: Job
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * One group of jobs after another, or a few at once: those that come while as many groups are under way make the next
 * one. Promises of one group resolve in the order of the calls.
 */
export class TurnTaker<Job, Answer> {
  readonly #run: (jobs: readonly Job[]) => Promise<readonly Answer[]>
  readonly #sizeOf: (job: Job) => number
  readonly #most: number
  readonly #tasks: Tasks
  #waiting: Waiting<Job, Answer>[] = []
  readonly #atOnce: number
  #underWay = 0

  /**
   * @param most how large a group may be, in the measure of `sizeOf`; a job that is larger goes alone
   * @param atOnce how many groups may be under way together
   */
  constructor(
    run: (jobs: readonly Job[]) => Promise<readonly Answer[]>,
    sizeOf: (job: Job) => number,
    most: number,
    tasks: Tasks,
    atOnce = 1,
  ) {
    this.#atOnce = atOnce
    this.#run = run
    this.#sizeOf = sizeOf
    this.#most = most
    this.#tasks = tasks
  }

  take(job: Job): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject })
      if (this.#underWay < this.#atOnce) void this.#tasks.track(this.#drain())
    })
  }

  async #drain(): Promise<void> {
    this.#underWay++
    // Callers of the same turn of the event loop share the first group, however many promises lie between them.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    while (this.#waiting.length > 0) {
      const group = this.#next()
      try {
        const answers = await this.#run(group.map(({ job }) => job))
        for (const [index, { resolve, reject }] of group.entries()) {
          const answer = answers[index]
          if (answer === undefined) reject(new Error('a job was left without an answer'))
          else resolve(answer)
        }
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#underWay--
  }

  #next(): readonly Waiting<Job, Answer>[] {
    let size = 0
    let count = 0
    for (const { job } of this.#waiting) {
      size += this.#sizeOf(job)
      if (count > 0 && size > this.#most) break
      count++
    }
    return this.#waiting.splice(0, count)
  }
}
