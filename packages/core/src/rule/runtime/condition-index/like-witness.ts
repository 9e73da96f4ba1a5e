/** What a LIKE pattern asks of a text that can be looked up. */
export type LikeWitness =
  | { readonly kind: 'equal'; readonly text: string }
  /** The text begins with the fragment, or holds it somewhere. */
  | {
      readonly kind: 'start' | 'anywhere'
      readonly fragment: string
      /** Nothing more is asked: the pattern is `fragment%` or `%fragment%`. */
      readonly exact: boolean
    }

/** The escapes with which a pattern without wildcards inside is compared as plain text; see `likeTest`. */
const plainEscapes = new Set(['\\', ''])
const plainPart = /^(%?)([^%_\\]*)(%?)$/

/**
 * Finds what must be in a text for a pattern to fit; undefined when that is nothing, as for `%` or `_%`.
 * For ILIKE the fragment is meant for texts that went through `foldCase`.
 */
export function likeWitness(
  pattern: string,
  escaping: string,
  insensitive: boolean,
): LikeWitness | undefined {
  const plain = insensitive || !plainEscapes.has(escaping) ? null : plainPart.exec(pattern)
  if (plain !== null) {
    const [, before, word = '', after] = plain
    if (before === '' && after === '') return { kind: 'equal', text: word }
    if (word === '') return undefined
    return before === ''
      ? { kind: 'start', fragment: word, exact: true }
      : { kind: 'anywhere', fragment: word, exact: after !== '' }
  }
  const runs = literalRuns(pattern, escaping, insensitive)
  const longest = runs.reduce((best, run) => (run.text.length > best.text.length ? run : best), nothing)
  const first = runs.find(({ atStart }) => atStart)
  // A beginning is cheaper to look up than a word anywhere, if it says about as much.
  if (first !== undefined && first.text.length >= Math.min(3, longest.text.length))
    return { kind: 'start', fragment: first.text, exact: false }
  return longest.text === '' ? undefined : { kind: 'anywhere', fragment: longest.text, exact: false }
}

/**
 * A text without its case, so far as fragments need it: where ILIKE finds the fragment's letters, the folded
 * text has them in lower case. `ſ` is the one letter whose partner in ASCII is not its lower case.
 */
export function foldCase(text: string): string {
  return text.toLowerCase().replaceAll('ſ', 's')
}

interface Run {
  readonly text: string
  readonly atStart: boolean
}
const nothing: Run = { text: '', atStart: false }

/** The parts of a pattern that stand for themselves; a letter whose case folds in an unusual way parts them, too. */
function literalRuns(pattern: string, escaping: string, insensitive: boolean): readonly Run[] {
  const runs: Run[] = []
  const symbols = [...pattern]
  let text = ''
  let atStart = true
  const close = (): void => {
    if (text !== '') runs.push({ text, atStart })
    text = ''
    atStart = false
  }
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i] ?? ''
    const escaped = symbol === escaping && escaping !== ''
    const literal = escaped ? symbols[++i] : symbol
    if (literal === undefined || (!escaped && (symbol === '%' || symbol === '_'))) close()
    else if (!insensitive) text += literal
    else if (foldsPlainly(literal)) text += literal.toLowerCase()
    else close()
  }
  close()
  return runs
}

/** ASCII, or a character without case: its only other spelling is the other case of ASCII (and `K`, `ſ`). */
const foldsPlainly = (symbol: string): boolean =>
  symbol.charCodeAt(0) < 0x80 || (symbol.toLowerCase() === symbol && symbol.toUpperCase() === symbol)
