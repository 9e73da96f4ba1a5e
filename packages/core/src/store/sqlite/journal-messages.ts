import type { PackedEntries } from '../../connector/packed-entries.js'
import type { ErrorCode } from '../../errors/index.js'
import type { AppendAnswer } from './journal-file.js'

/** What the journal's thread is asked. */
export type JournalRequest =
  | { readonly id: number; readonly kind: 'append'; readonly at: number; readonly packed: PackedEntries }
  | { readonly id: number; readonly kind: 'tick'; readonly at: number }
  | { readonly id: number; readonly kind: 'trim'; readonly before: number; readonly keepFrom: number }
  | { readonly id: number; readonly kind: 'close' }

export type JournalAnswer = AppendAnswer | number | null

/** What it answers; errors cross the thread as data. */
export type JournalReply =
  | { readonly id: number; readonly answer: JournalAnswer }
  | {
      readonly id: number
      readonly code: ErrorCode
      readonly details: Readonly<Record<string, string | number>>
    }
