/** Work that lasts long and is ended before the store closes. */
export class Inquiries {
  readonly #underWay = new Set<Promise<unknown>>()

  async run<T>(work: () => Promise<T>): Promise<T> {
    const inquiry = work()
    this.#underWay.add(inquiry)
    return inquiry.finally(() => this.#underWay.delete(inquiry))
  }

  async settle(): Promise<void> {
    await Promise.allSettled(this.#underWay)
  }
}
