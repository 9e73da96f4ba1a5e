import type { Message } from '../../connector/bus.js'
import type { PartitionedBus } from '../../connector/partitioned-bus.js'
import type { LaneJournal } from '../../connector/shared-store.js'
import type { Store } from '../../connector/store.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { CopyRoute } from './repartition.js'
import { feedbackMessage } from './stream-message.js'

/** A feedback that stands in a lane. */
export interface LaneFeedback {
  readonly feedback: FeedbackRecord
  readonly at: number
  /** As it goes on a bus, under any key. */
  readonly message: () => Message
}

export interface CopierOptions {
  readonly routes: readonly CopyRoute[]
  readonly bus: PartitionedBus
  readonly store: Store
  /** Under which name it is kept how far it has come. */
  readonly name: string
  /** Tries until it succeeds; undefined when the end has come before. */
  readonly surely: <T>(work: () => Promise<T>) => Promise<T | undefined>
}

const page = 512
/** So many entries may be copied a second time after a crash. */
const saveEvery = 2000

/**
 * Copies a lane's feedback to the topics of rules whose groups reach across partitions, in its order. How far it has
 * come is kept now and then: a copy that is made twice is left out by its lane.
 */
export class Copier {
  readonly #options: CopierOptions
  /** Offset of the last entry that was copied, or that nobody wants. */
  #copied = 0
  #saved = 0
  #copying: Promise<void> = Promise.resolve()

  constructor(options: CopierOptions) {
    this.#options = options
  }

  /** Copies what stands in the lane up to `last` and was perhaps not copied. */
  async recover(journal: LaneJournal, last: number): Promise<void> {
    const { store, name, surely } = this.#options
    const { offset } = (await store.position(name)) ?? {}
    this.#copied = typeof offset === 'number' ? offset : 0
    this.#saved = this.#copied
    while (this.#copied < last) {
      const entries = await surely(() => journal.read(this.#copied + 1, page))
      const end = entries?.at(-1)?.offset
      if (entries === undefined || end === undefined) return
      const feedbacks = entries
        .filter((entry) => entry.kind === 'feedback')
        .map((entry): LaneFeedback => ({ ...entry, message: () => feedbackMessage(entry, entry.at, '') }))
      await this.#copy(feedbacks, end)
    }
  }

  /** Copies behind the one before; resolves when that one has arrived, so that one at the most is under way. */
  async take(feedbacks: readonly LaneFeedback[], last: number): Promise<void> {
    const before = this.#copying
    this.#copying = before.then(() => this.#copy(feedbacks, last))
    // Whoever comes next hears of it.
    this.#copying.catch(() => undefined)
    await before
  }

  /** Ends what is under way and keeps how far it has come. */
  async finish(): Promise<void> {
    await this.#copying
    await this.#save()
  }

  async #copy(feedbacks: readonly LaneFeedback[], last: number): Promise<void> {
    const { routes, bus, surely } = this.#options
    const published = await surely(async () => {
      await Promise.all(
        routes.map(async ({ topic, matcher, keyOf }) => {
          const copies = feedbacks
            .filter(({ feedback, at }) => matcher.match(feedback, at).length > 0)
            .map(({ feedback, message }): Message => ({ ...message(), key: keyOf(feedback) }))
          if (copies.length > 0) await bus.publish(topic, copies)
        }),
      )
      return true
    })
    if (published === undefined) return
    this.#copied = last
    if (last - this.#saved >= saveEvery) await surely(() => this.#save())
  }

  async #save(): Promise<void> {
    const { store, name } = this.#options
    const offset = this.#copied
    if (offset === this.#saved) return
    await store.transaction((transaction) => transaction.setPosition(name, { offset }))
    this.#saved = offset
  }
}
