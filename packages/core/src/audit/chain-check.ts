import type { AuditHead } from '../connector/audit.js'
import type { Localized } from '../text.js'
import { firstHash } from './chain.js'
import { type Gap, Gaps } from './gaps.js'
import {
  type AuditProblem,
  foreignText,
  problemTexts,
  removedText,
  reorderedText,
  truncatedText,
  twiceText,
} from './problem.js'
import { readLine, type SoundLine, type UnsoundLine } from './read-line.js'

/** What a check of one tenant's chain found. */
export interface AuditReport {
  readonly ok: boolean
  /** Undefined when nothing told whose chain it is. */
  readonly tenant: string | undefined
  /** How many were read. */
  readonly lines: number
  /** The last line whose hash is right; what the check began after when there was none; undefined without either. */
  readonly head: AuditHead | undefined
  /** The first 100 found, in the order of the lines. */
  readonly problems: readonly AuditProblem[]
  /** How many were found beyond those. */
  readonly more: number
}

export interface AuditCheckOptions {
  /** Whose chain it is; default: that of `from`, or of the first line that is right. */
  readonly tenant?: string
  /** The lines go on from here; default: from the beginning. */
  readonly from?: AuditHead
  /** An end that was kept elsewhere: the chain must have got so far, and to this hash. */
  readonly expect?: Pick<AuditHead, 'sequence' | 'hash'>
}

/** A line that stands where another number belongs: the next one tells whether it strayed or others are missing. */
interface Strange {
  readonly position: number
  readonly sequence: number
  /** The number that belonged there. */
  readonly belongs: number
  /** Its number is lower than the one that belonged there. */
  readonly isBack: boolean
  /** Unreadable lines directly before it. */
  readonly blanks: number
}

const maxProblems = 100

/**
 * Goes along a chain, line by line, in constant memory, and on after whatever is wrong. Two questions are kept
 * apart: whether neighbours agree (`Gaps`, in whatever order they come), and which line to name when numbers do not
 * follow one another (`#next`, `#strange`).
 */
export class ChainCheck {
  readonly #options: AuditCheckOptions
  readonly #start: { readonly sequence: number; readonly hash: string }
  readonly #gaps: Gaps
  readonly #problems: AuditProblem[] = []
  /** Positions of lines that strayed, by number: a second one of that number shows that they were put in. */
  readonly #strays = new Map<number, number>()
  #tenant: string | undefined
  #lines = 0
  #more = 0
  #next: number
  /** Unreadable lines since the last one that could be read: each may stand for a number. */
  #blanks = 0
  #strange: Strange | undefined
  #head: AuditHead | undefined

  constructor(options: AuditCheckOptions = {}) {
    this.#options = options
    this.#start = options.from ?? { sequence: 0, hash: firstHash }
    this.#head = options.from
    this.#tenant = options.tenant ?? options.from?.tenant
    this.#next = this.#start.sequence + 1
    this.#gaps = new Gaps(this.#start.sequence, this.#start.hash, (gap) => this.#missing(gap))
  }

  /** @param filed the hash under which a store has the line: its next line will carry that one */
  add(line: string | Uint8Array, filed?: string): void {
    this.#lines++
    const read = readLine(line)
    if (read.kind !== 'sound') this.#unsound(read)
    else {
      if (filed !== undefined && filed !== read.hash)
        this.#tell('changed', read.sequence, problemTexts.filedWrong)
      this.#sound(read)
    }
  }

  report(): AuditReport {
    this.#end()
    const problems = this.#problems.toSorted((a, b) => a.line - b.line)
    return {
      ok: problems.length === 0,
      tenant: this.#tenant,
      lines: this.#lines,
      head: this.#head,
      problems,
      more: this.#more,
    }
  }

  #unsound({ kind, what, sequence, previous }: UnsoundLine): void {
    const belongs = this.#gaps.nextUnseen(this.#next) + this.#blanks
    const isThere = sequence === undefined || previous === this.#gaps.highestHash
    this.#tell(
      kind,
      isThere ? belongs : sequence,
      kind === 'not-json' ? problemTexts.notJson : problemTexts[what],
    )
    this.#blanks++
  }

  #sound({ tenant, sequence, hash, previous }: SoundLine): void {
    const position = this.#lines
    this.#tenant ??= tenant
    if (tenant !== this.#tenant) {
      this.#tell('inserted', sequence, foreignText(tenant, this.#tenant))
      return
    }
    const isHighest = sequence > this.#gaps.highest
    const belongs = this.#gaps.nextUnseen(this.#next)
    const { twice, wrongBefore, wrongAfter } = this.#gaps.add(sequence, position, hash, previous)
    if (twice) {
      this.#twice(sequence)
      return
    }
    if (wrongBefore?.position === 0) this.#tell('changed', sequence, problemTexts.notTheStart)
    else if (wrongBefore !== undefined)
      this.#tell('changed', sequence - 1, problemTexts.replaced, wrongBefore.position)
    if (wrongAfter !== undefined) this.#tell('changed', sequence, problemTexts.replaced)
    const { expect } = this.#options
    if (sequence === expect?.sequence && hash !== expect.hash && wrongAfter === undefined)
      this.#tell('changed', sequence, problemTexts.notTheHead)
    if (isHighest) this.#head = { tenant, sequence, hash }
    this.#place(sequence, position, belongs)
  }

  /** Whether the line stands where its number belongs. */
  #place(sequence: number, position: number, belongs: number): void {
    const strange = this.#strange
    this.#strange = undefined
    if (strange !== undefined) {
      const from = strange.sequence + 1
      if (sequence >= from && sequence < (strange.isBack ? strange.belongs : Number.POSITIVE_INFINITY)) {
        this.#jumped(strange)
        this.#goOn(strange.sequence, this.#blanks)
        this.#place(sequence, position, from)
        return
      }
      this.#strayed(strange)
    }
    const skipped = sequence - belongs
    // A stray line may have changed places with the one that belongs there.
    if (skipped >= 0 && skipped <= this.#blanks + (strange === undefined ? 0 : 1)) {
      this.#gaps.cover(belongs, belongs + Math.min(skipped, this.#blanks) - 1)
      this.#goOn(sequence)
      return
    }
    this.#strange = { position, sequence, belongs, isBack: skipped < 0, blanks: this.#blanks }
    this.#blanks = 0
  }

  #goOn(sequence: number, blanks = 0): void {
    this.#next = sequence + 1
    this.#blanks = blanks
  }

  /** The next line goes on from it: what lies between is missing, or this and what follows were moved. */
  #jumped(strange: Strange): void {
    const { sequence, position, belongs, isBack, blanks } = strange
    if (isBack) this.#tell('reordered', sequence, reorderedText(sequence, belongs), position)
    else this.#gaps.cover(belongs, Math.min(belongs + blanks, sequence) - 1)
  }

  /** The next line goes on without it: it alone was moved. */
  #strayed(strange: Strange): void {
    const { sequence, position, belongs, blanks } = strange
    this.#tell('reordered', sequence, reorderedText(sequence, belongs), position)
    if (this.#strays.size < maxProblems) this.#strays.set(sequence, position)
    this.#blanks += blanks
  }

  #twice(sequence: number): void {
    const position = this.#strays.get(sequence)
    const at = this.#problems.findIndex(({ line, kind }) => line === position && kind === 'reordered')
    if (position === undefined || at < 0) {
      this.#tell('inserted', sequence, twiceText(sequence))
      return
    }
    // This is the one that belongs where it stands: the one that strayed was put in.
    this.#strays.delete(sequence)
    this.#problems[at] = { line: position, sequence, kind: 'inserted', text: twiceText(sequence) }
  }

  #end(): void {
    const strange = this.#strange
    this.#strange = undefined
    if (strange !== undefined) this.#jumped(strange)
    const reached = this.#gaps.highest + this.#blanks
    for (const gap of this.#gaps.all) this.#missing(gap)
    const { expect } = this.#options
    if (expect !== undefined && reached < expect.sequence) {
      const text = truncatedText(reached, expect.sequence)
      this.#tell('truncated', reached + 1, text, this.#lines + 1)
    }
  }

  #missing({ from, to, position }: Gap): void {
    this.#tell('removed', from, removedText(from, to), position)
  }

  #tell(kind: AuditProblem['kind'], sequence: number, text: Localized, line = this.#lines): void {
    if (this.#problems.length < maxProblems) this.#problems.push({ line, sequence, kind, text })
    else this.#more++
  }
}
