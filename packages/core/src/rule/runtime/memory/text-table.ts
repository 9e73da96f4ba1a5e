/** An array of so many is always a real one, however large the table is. */
const pageBits = 12
const pageSize = 1 << pageBits

/** Texts by index, in pages that are made when they are needed. */
export class TextTable {
  readonly #pages: ((string | null)[] | undefined)[] = []

  get(index: number): string | null {
    return this.#pages[index >>> pageBits]?.[index & (pageSize - 1)] ?? null
  }

  set(index: number, text: string | null): void {
    let page = this.#pages[index >>> pageBits]
    if (page === undefined) {
      if (text === null) return
      page = new Array<string | null>(pageSize).fill(null)
      this.#pages[index >>> pageBits] = page
    }
    page[index & (pageSize - 1)] = text
  }
}
