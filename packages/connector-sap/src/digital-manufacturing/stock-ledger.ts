import type { StockStatus } from './calls/inventory.js'
import { shortened } from './shortened.js'
import type { Meaning } from './standing.js'

/** What one action did to a stock, as it stands in the stock's comments. */
export interface StockEntry extends Omit<Meaning<StockStatus>, 'means'> {
  readonly verb: 'hold' | 'release'
  /** The action's mark. */
  readonly mark: string
}

/** The comments of a stock: what Andon did, in whose words, and what people have written themselves. */
export interface StockLedger {
  readonly entries: readonly StockEntry[]
  /** Mark → the words that came with the action. */
  readonly words: ReadonlyMap<string, string>
  readonly rest: string
}

const entryPattern =
  /\[andon (hold|release) (\S+) from (UNRESTRICTED|RESTRICTED|QUALITY_INSPECTION|BLOCKED)(, anew)?(, reverted)?\]\n?/g
const wordsPattern = /<<(\S+)\n([\s\S]*?)\n>>\1\n?/g

export function readLedger(comments: string): StockLedger {
  const entries = [...comments.matchAll(entryPattern)].map(
    ([, verb, mark = '', before, anew, reverted]): StockEntry => ({
      ...{ verb: verb === 'release' ? 'release' : 'hold', mark, before: statusOf(before) },
      ...{ anew: anew !== undefined, active: reverted === undefined },
    }),
  )
  const words = [...comments.matchAll(wordsPattern)].map(([, mark = '', text = '']) => [mark, text] as const)
  const rest = comments.replace(wordsPattern, '').replace(entryPattern, '').trim()
  return { entries, words: new Map(words), rest }
}

const entryText = ({ verb, mark, before, anew, active }: StockEntry): string =>
  `[andon ${verb} ${mark} from ${before}${anew ? ', anew' : ''}${active ? '' : ', reverted'}]`

function statusOf(text: string | undefined): StockStatus {
  switch (text) {
    case 'RESTRICTED':
    case 'QUALITY_INSPECTION':
    case 'BLOCKED':
      return text
    default:
      return 'UNRESTRICTED'
  }
}

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
  const active = new Set(entries.filter((entry) => entry.active).map(({ mark }) => mark))
  let kept = entries
  const must = (): string => [...kept.map(entryText), ...(rest === '' ? [] : [rest])].join('\n')
  while (must().length > most) {
    // The latest one says how the stock stood before.
    const oldest = kept.slice(0, -1).find((entry) => !entry.active)
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
