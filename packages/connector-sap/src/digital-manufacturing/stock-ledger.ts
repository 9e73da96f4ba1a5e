import { shortened } from './words.js'

/** What one action did to a stock, as it stands in the stock's comments. */
export interface StockEntry {
  readonly verb: 'hold' | 'release'
  /** The action's mark. */
  readonly mark: string
  /** The status without the holds of Andon; of a release, the status before it. */
  readonly from: string
  readonly reverted: boolean
}

/** The comments of a stock: what Andon did, in whose words, and what people have written themselves. */
export interface StockLedger {
  readonly entries: readonly StockEntry[]
  /** Mark → the words that came with the action. */
  readonly words: ReadonlyMap<string, string>
  readonly rest: string
}

const entryPattern = /\[andon (hold|release) (\S+) from ([A-Z_]+)(, reverted)?\]\n?/g
const wordsPattern = /<<(\S+)\n([\s\S]*?)\n>>\1\n?/g

export function readLedger(comments: string): StockLedger {
  const entries = [...comments.matchAll(entryPattern)].map(
    ([, verb, mark = '', from = '', reverted]): StockEntry => ({
      ...{ verb: verb === 'release' ? 'release' : 'hold', mark, from },
      reverted: reverted !== undefined,
    }),
  )
  const words = [...comments.matchAll(wordsPattern)].map(([, mark = '', text = '']) => [mark, text] as const)
  const rest = comments.replace(wordsPattern, '').replace(entryPattern, '').trim()
  return { entries, words: new Map(words), rest }
}

const entryText = ({ verb, mark, from, reverted }: StockEntry): string =>
  `[andon ${verb} ${mark} from ${from}${reverted ? ', reverted' : ''}]`

/** Where the whole of shortened words is. */
const whole = 'with this action in Andon'
/** Fewer would say nothing. */
const fewestWords = 60

/**
 * The ledger as comments of at most `most` characters. What people wrote stays whole, entries of what was taken back go
 * first, and of the customers' words as much stays as fits, with a note of how much does not.
 *
 * @returns undefined when what must stay does not fit
 */
export function writeLedger(
  { entries, words, rest }: StockLedger,
  most: number,
): { readonly comments: string; readonly wordsLeftOut: number } | undefined {
  const active = new Set(entries.filter(({ reverted }) => !reverted).map(({ mark }) => mark))
  let kept = entries
  const must = (): string => [...kept.map(entryText), ...(rest === '' ? [] : [rest])].join('\n')
  while (must().length > most) {
    const oldest = kept.find(({ reverted }) => reverted)
    if (oldest === undefined) return undefined
    kept = kept.filter((entry) => entry !== oldest)
  }
  let comments = must()
  let wordsLeftOut = 0
  // The latest action first: what it says matters now.
  for (const [mark, text] of [...words].reverse()) {
    if (!active.has(mark)) continue
    const frame = `\n<<${mark}\n\n>>${mark}`.length
    const room = most - comments.length - frame
    if (room < fewestWords) {
      wordsLeftOut += text.length
      continue
    }
    const { text: shown, left } = shortened(text, room, whole)
    wordsLeftOut += left
    comments += `\n<<${mark}\n${shown}\n>>${mark}`
  }
  return { comments, wordsLeftOut }
}

/** The holds that stand: neither taken back nor followed by a release that stands. */
export function standingHolds({ entries }: StockLedger, but?: string): readonly StockEntry[] {
  const released = entries.findLastIndex(({ verb, reverted }) => verb === 'release' && !reverted)
  return entries
    .slice(released + 1)
    .filter(({ verb, reverted, mark }) => verb === 'hold' && !reverted && mark !== but)
}
