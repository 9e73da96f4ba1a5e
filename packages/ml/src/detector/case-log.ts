/** Cases that are not counted yet, in the order in which they came, column by column: the first `count` of each. */
export type CaseLogState = {
  count: number
  /** The place of the fault. */
  readonly faults: number[]
  /** What it is counted by: the period in which it happened, or more. */
  readonly cells: number[]
  /** The feedback. */
  readonly ids: string[]
}

export const emptyCaseLog = (): CaseLogState => ({ count: 0, faults: [], cells: [], ids: [] })

/** With so many it is full: a few for each fault of a large plant. */
const mostEntries = 4096

/**
 * Keeps cases until they are counted fault by fault. What is known of a fault lies in many places of the memory, of thousands
 * of faults in more than a processor has at hand: to go from one to the next with every feedback costs more than all else.
 */
export class CaseLog {
  readonly #state: CaseLogState
  readonly #count: (fault: number, cell: number, id: string) => void
  /** The entry after this one of the same fault, + 1; the last has 0. */
  readonly #next = new Int32Array(mostEntries)
  /** By fault, its first and last entry, + 1; 0 for none. */
  #first = new Int32Array(256)
  #last = new Int32Array(256)

  /** @param count counts a case; is called for the cases of a fault in their order */
  constructor(state: CaseLogState, count: (fault: number, cell: number, id: string) => void) {
    this.#state = state
    this.#count = count
  }

  add(fault: number, cell: number, id: string): void {
    const { faults, cells, ids, count } = this.#state
    faults[count] = fault
    cells[count] = cell
    ids[count] = id
    this.#state.count++
    if (this.#state.count === mostEntries) this.countAll()
  }

  /** Has all cases counted. To be called before what is counted is looked at, and before a place becomes another fault's. */
  countAll(): void {
    const { faults, cells, ids, count } = this.#state
    for (let entry = 0; entry < count; entry++) this.#chain(faults[entry] ?? 0, entry)
    for (let entry = 0; entry < count; entry++) {
      const fault = faults[entry] ?? 0
      if (this.#first[fault] !== entry + 1) continue
      for (let one = entry + 1; one > 0; one = this.#next[one - 1] ?? 0)
        this.#count(fault, cells[one - 1] ?? 0, ids[one - 1] ?? '')
      this.#first[fault] = 0
    }
    this.#state.count = 0
  }

  #chain(fault: number, entry: number): void {
    if (fault >= this.#first.length) {
      this.#first = longer(this.#first, fault)
      this.#last = longer(this.#last, fault)
    }
    this.#next[entry] = 0
    if (this.#first[fault] === 0) this.#first[fault] = entry + 1
    else this.#next[(this.#last[fault] ?? 1) - 1] = entry + 1
    this.#last[fault] = entry + 1
  }
}

function longer(column: Int32Array, place: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(Math.max(place + 1, 2 * column.length))
  copy.set(column)
  return copy
}
