/** Gives names numbers, 0 and up in the order in which they come. The names stand in the state: `names[number]`. */
export class Numbering {
  readonly names: string[]
  readonly #numbers: Map<string, number>

  /** @param names of the state; what is added is added there */
  constructor(names: string[]) {
    this.names = names
    this.#numbers = new Map(names.map((name, number) => [name, number]))
  }

  numberOf(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    const number = this.names.length
    this.names.push(name)
    this.#numbers.set(name, number)
    return number
  }
}
