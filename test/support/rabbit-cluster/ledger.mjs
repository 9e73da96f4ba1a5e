/**
 * What was confirmed and what came, message by message. Each message has a number that grows with the order in which it
 * was published.
 */
export class Ledger {
  /** @type {Map<string, number>} the confirmed, by id, and their number */
  #confirmed = new Map()
  /** @type {Map<string, number>} how often each came */
  #came = new Map()
  /** @type {Map<string, number>} of each key the number that came last for the first time */
  #last = new Map()
  /** @type {Map<string, number>} of each key who had it last */
  #owners = new Map()
  /** @type {string[]} */
  #outOfOrder = []
  #duplicates = 0

  /** @param {readonly Numbered[]} messages */
  confirm(messages) {
    for (const { id, number } of messages) this.#confirmed.set(id, number)
  }

  /**
   * A repetition says nothing of the order: whoever had the message before had it in order.
   *
   * @param {Numbered} message
   * @param {number} consumer
   */
  deliver({ id, key, number }, consumer) {
    this.#owners.set(key, consumer)
    const times = this.#came.get(id) ?? 0
    this.#came.set(id, times + 1)
    if (times > 0) {
      this.#duplicates += 1
      return
    }
    const before = this.#last.get(key) ?? -1
    if (number < before) this.#outOfOrder.push(`${key}: ${number} after ${before}`)
    this.#last.set(key, Math.max(before, number))
  }

  get confirmed() {
    return this.#confirmed.size
  }

  /** Different messages. */
  get delivered() {
    return this.#came.size
  }

  get duplicates() {
    return this.#duplicates
  }

  /** Places where a message came for the first time behind a later one of its key. @returns {readonly string[]} */
  get outOfOrder() {
    return this.#outOfOrder
  }

  /** Confirmed, and not come so far. @returns {readonly string[]} */
  get missing() {
    return [...this.#confirmed.keys()].filter((id) => !this.#came.has(id))
  }

  /** Who had a message of it last. @param {string} key */
  ownerOf(key) {
    return this.#owners.get(key)
  }

  /** From now on only what comes later says who has which key. */
  forgetOwners() {
    this.#owners.clear()
  }
}

/**
 * @typedef {object} Numbered
 * @property {string} id
 * @property {string} key
 * @property {number} number
 */
