import type { Atom, RangeAtom, TextAtom } from './atom.js'
import { Bounds, type Ranged } from './bounds.js'
import { Fragments } from './fragments.js'
import { Intervals } from './intervals.js'
import { type Fragmented, Prefixes } from './prefixes.js'
import { type Entry, type Finder, noTests, type Search } from './search.js'

/** Entries of one leaf, each found by the most selective range or text among its atoms. */
export class LeafIndex {
  readonly #finders: readonly Finder[]
  /** Entries without a range and without a text. */
  readonly #others: readonly Entry[]

  constructor(entries: readonly Entry[]) {
    const shareOf = shares(entries)
    const ranged: Ranged[] = []
    const fragmented: Fragmented[] = []
    const others: Entry[] = []
    for (const entry of entries) {
      const witness = mostSelective(entry.atoms, shareOf)
      const proves = witness?.kind === 'range' || witness?.exact === true
      const rest = entry.atoms.filter((atom) => !proves || atom !== witness).map(({ test }) => test)
      entry.rest = rest.length === 0 ? noTests : rest
      if (witness === undefined) others.push(entry)
      else if (witness.kind === 'range') ranged.push({ entry, range: witness })
      else fragmented.push({ entry, text: witness })
    }
    this.#others = others
    this.#finders = [...rangeFinders(ranged), ...textFinders(fragmented)]
  }

  find(search: Search): void {
    for (const entry of this.#others) search.offer(entry)
    for (const finder of this.#finders) finder.find(search)
  }
}

const isBelow = ({ low }: RangeAtom): boolean => low === Number.NEGATIVE_INFINITY
const isAbove = ({ end }: RangeAtom): boolean => end === Number.POSITIVE_INFINITY

function rangeFinders(ranged: readonly Ranged[]): readonly Finder[] {
  return [...Map.groupBy(ranged, ({ range }) => range.slot)].flatMap(([slot, alike]) => {
    const below = alike.filter(({ range }) => isBelow(range))
    const above = alike.filter(({ range }) => !isBelow(range) && isAbove(range))
    const between = alike.filter(({ range }) => !isBelow(range) && !isAbove(range))
    return [
      ...(above.length + below.length > 0 ? [new Bounds(slot, above, below)] : []),
      ...(between.length > 0 ? [new Intervals(slot, between)] : []),
    ]
  })
}

function textFinders(fragmented: readonly Fragmented[]): readonly Finder[] {
  return [...Map.groupBy(fragmented, ({ text }) => text.slot)].flatMap(([slot, alike]) => {
    const starts = alike.filter(({ text }) => text.kind === 'start')
    const anywhere = alike.filter(({ text }) => text.kind === 'anywhere')
    return [
      ...(starts.length > 0 ? [new Prefixes(slot, starts)] : []),
      ...(anywhere.length > 0 ? [new Fragments(slot, anywhere)] : []),
    ]
  })
}

type Witness = RangeAtom | TextAtom

function mostSelective(atoms: readonly Atom[], shareOf: (witness: Witness) => number): Witness | undefined {
  let best: Witness | undefined
  let least = Number.POSITIVE_INFINITY
  for (const atom of atoms) {
    if (atom.kind === 'equal' || atom.kind === 'other') continue
    const share = shareOf(atom)
    if (share >= least) continue
    best = atom
    least = share
  }
  return best
}

/**
 * Guesses the share of feedback for which a witness is true. For a range that is its part of the line between
 * the smallest and the largest bound that any entry of the leaf has: rules are written about values that occur.
 */
function shares(entries: readonly Entry[]): (witness: Witness) => number {
  const spans = new Map<number, { from: number; to: number }>()
  for (const { atoms } of entries) {
    for (const atom of atoms) {
      if (atom.kind !== 'range') continue
      const span = spans.get(atom.slot) ?? { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
      spans.set(atom.slot, span)
      for (const bound of [atom.low, atom.end]) {
        if (!Number.isFinite(bound)) continue
        span.from = Math.min(span.from, bound)
        span.to = Math.max(span.to, bound)
      }
    }
  }
  return (witness) => {
    if (witness.kind !== 'range') return witness.fragment.length > 1 ? 0.01 : 0.1
    const span = spans.get(witness.slot)
    if (span === undefined || span.to <= span.from) return 0.5
    const covered = Math.min(witness.end, span.to) - Math.max(witness.low, span.from)
    return covered / (span.to - span.from)
  }
}
