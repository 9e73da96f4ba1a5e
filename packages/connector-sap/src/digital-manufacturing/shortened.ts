import type { Action } from '@andon/core/connector'
import { wordsOf } from '../words.js'

/** The customers' words, and before them why: the rule's own reason where it gives one. */
export function saidIn(action: Action, more: readonly string[] = []): string {
  const { reason } = action.params
  return wordsOf(action, [...more, ...(typeof reason === 'string' ? [reason] : [])])
}

/** Where a text may be cut so that it is at most `most` UTF-16 units long: never within a character. */
function cutAt(text: string, most: number): number {
  if (text.length <= most) return text.length
  const last = text.charCodeAt(most - 1)
  return last >= 0xd800 && last <= 0xdbff ? most - 1 : most
}

/** As much of the text as fits, and in its last line how much does not and where all of it is. */
export function shortened(text: string, most: number, whole: string): { text: string; left: number } {
  if (text.length <= most) return { text, left: 0 }
  const note = (left: number): string => `\n… ${left} more characters: ${whole}`
  const end = cutAt(text, Math.max(0, most - note(text.length).length))
  const left = text.length - end
  return { text: `${text.slice(0, end)}${note(left)}`, left }
}
