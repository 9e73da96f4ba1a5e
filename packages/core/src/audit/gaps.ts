/** A line by which a neighbour can be judged. */
export interface Neighbour {
  readonly position: number
  /** Its own hash, or the one that it carries of the line before. */
  readonly hash: string
}

/** Numbers `from` to `to` that have not been seen, though a later one has. */
export interface Gap {
  readonly from: number
  readonly to: number
  /** The line after which they are missing was the one before this position. */
  readonly position: number
  /** The hash of line `from - 1`; undefined where that line cannot be trusted. */
  readonly before: Neighbour | undefined
  /** What line `to + 1` carries as the hash of line `to`. */
  readonly after: Neighbour | undefined
}

/** How a line agrees with the neighbours that have been seen. */
export interface Fit {
  /** This number has been seen before. */
  readonly twice: boolean
  /** The line before it is not the one that it carries the hash of. */
  readonly wrongBefore?: Neighbour
  /** The line after it carries another hash. */
  readonly wrongAfter?: Neighbour
}

const fits: Fit = { twice: false }
const twice: Fit = { twice: true }
const maxGaps = 1000

/** Which numbers of a chain have been seen, and whether neighbours agree, in whatever order they come. */
export class Gaps {
  #highest: number
  #last: Neighbour | undefined
  #gaps: Gap[] = []
  /** Takes a gap that there is no room for any more. */
  readonly #given: (gap: Gap) => void

  constructor(start: number, hash: string, given: (gap: Gap) => void) {
    this.#highest = start
    this.#last = { position: 0, hash }
    this.#given = given
  }

  get highest(): number {
    return this.#highest
  }

  /** Of the highest line; undefined where that could not be trusted. */
  get highestHash(): string | undefined {
    return this.#last?.hash
  }

  get all(): readonly Gap[] {
    return this.#gaps
  }

  /** The first number from `sequence` on that has not been seen. */
  nextUnseen(sequence: number): number {
    if (sequence > this.#highest) return sequence
    for (const { from, to } of this.#gaps) if (to >= sequence) return Math.max(from, sequence)
    return this.#highest + 1
  }

  add(sequence: number, position: number, hash: string, previous: string): Fit {
    const carried = { position, hash: previous }
    const own = { position, hash }
    if (sequence > this.#highest) {
      const before = this.#last
      const isNext = sequence === this.#highest + 1
      if (!isNext) this.#open({ from: this.#highest + 1, to: sequence - 1, position, before, after: carried })
      this.#highest = sequence
      this.#last = own
      return isNext && before !== undefined && before.hash !== previous
        ? { twice: false, wrongBefore: before }
        : fits
    }
    const at = this.#gaps.findIndex(({ from, to }) => from <= sequence && sequence <= to)
    const gap = this.#gaps[at]
    if (gap === undefined) return twice
    this.#split(at, gap, sequence, sequence, own, carried)
    const wrongBefore = sequence === gap.from && gap.before !== undefined && gap.before.hash !== previous
    const wrongAfter = sequence === gap.to && gap.after !== undefined && gap.after.hash !== hash
    return {
      twice: false,
      ...(wrongBefore && gap.before !== undefined ? { wrongBefore: gap.before } : {}),
      ...(wrongAfter && gap.after !== undefined ? { wrongAfter: gap.after } : {}),
    }
  }

  /** Lines that cannot be read stand where numbers `from` to `to` belong: these are not missing. */
  cover(from: number, to: number): void {
    if (from > to) return
    this.#gaps
      .filter((gap) => gap.from <= to && gap.to >= from)
      .forEach((gap) => {
        const at = this.#gaps.indexOf(gap)
        this.#split(at, gap, Math.max(from, gap.from), Math.min(to, gap.to), undefined, undefined)
      })
    if (to <= this.#highest) return
    this.#highest = to
    this.#last = undefined
  }

  #open(gap: Gap): void {
    this.#gaps.push(gap)
    if (this.#gaps.length <= maxGaps) return
    const oldest = this.#gaps.shift()
    if (oldest !== undefined) this.#given(oldest)
  }

  #split(
    at: number,
    gap: Gap,
    from: number,
    to: number,
    own: Neighbour | undefined,
    carried: Neighbour | undefined,
  ): void {
    const left: Gap = { ...gap, to: from - 1, after: carried }
    const right: Gap = { ...gap, from: to + 1, before: own }
    this.#gaps.splice(at, 1, ...[left, right].filter((part) => part.from <= part.to))
  }
}
