import type { Localized } from '../text.js'

/** One thing that is wrong with a chain, and at which line. */
export interface AuditProblem {
  /** Where it stands among the lines that were read, from 1 on; for what is missing, where it is missing. */
  readonly line: number
  /** Its number in the chain, where that can be told: of the first one when several are missing. */
  readonly sequence?: number
  /**
   * `changed`: not as it was written. `removed`: numbers are missing. `reordered`: it stands where another number
   * belongs. `inserted`: its number is there already, or it belongs to another tenant. `not-json`: not readable at
   * all. `truncated`: the chain ends too early.
   */
  readonly kind: 'changed' | 'removed' | 'reordered' | 'not-json' | 'inserted' | 'truncated'
  readonly text: Localized
}

/** What each finding says of its line. */
export const problemTexts = {
  notJson: {
    en: 'This line cannot be read: it was damaged or cut, or it was never a line of this log.',
    zh: '该行无法读取：已损坏或被截断，或者本来就不属于此日志。',
  },
  bytes: {
    en: 'This line says what it said, but in other bytes (white space or a line end, the order of names, another spelling): a program has rewritten it.',
    zh: '该行内容未变，但字节已变（空白或换行、名称顺序、写法）：它被某个程序改写过。',
  },
  words: {
    en: 'This line was changed after it was written: its hash is not that of what it says.',
    zh: '该行在写入之后被修改：其哈希与内容不符。',
  },
  replaced: {
    en: 'This line was replaced after it was written: the line after it carries the hash of another one.',
    zh: '该行在写入之后被替换：下一行所记的哈希属于另一行。',
  },
  filedWrong: {
    en: 'The store has another hash beside this line than the line itself: somebody edited the store.',
    zh: '存储中该行旁记录的哈希与该行自身的哈希不同：有人改动了存储。',
  },
  notTheStart: {
    en: 'This line does not go on from where the chain was to begin: it, or what stood before it, was replaced.',
    zh: '该行与链的起点不衔接：该行或其之前的内容已被替换。',
  },
  notTheHead: {
    en: 'This line is not the one whose hash was kept: it was replaced, or the whole log was written anew.',
    zh: '该行不是所留存哈希对应的那一行：它已被替换，或整个日志被重写。',
  },
} as const satisfies Record<string, Localized>

export function removedText(from: number, to: number): Localized {
  return from === to
    ? { en: `Number ${from} is missing before this line.`, zh: `该行之前缺少第 ${from} 号。` }
    : {
        en: `Numbers ${from} to ${to} are missing before this line (${to - from + 1} lines).`,
        zh: `该行之前缺少第 ${from} 至 ${to} 号（共 ${to - from + 1} 行）。`,
      }
}

export function reorderedText(sequence: number, belongs: number): Localized {
  return {
    en: `Number ${sequence} stands where number ${belongs} belongs.`,
    zh: `第 ${sequence} 号出现在第 ${belongs} 号的位置。`,
  }
}

export function twiceText(sequence: number): Localized {
  return {
    en: `Number ${sequence} is there more than once; this line was put in.`,
    zh: `第 ${sequence} 号出现多次；该行是插入的。`,
  }
}

export function foreignText(tenant: string, expected: string): Localized {
  return {
    en: `This line belongs to tenant ${tenant}; the chain is that of ${expected}. Each tenant has a chain of its own.`,
    zh: `该行属于租户 ${tenant}，而此链属于 ${expected}。每个租户各有一条链。`,
  }
}

export function truncatedText(reached: number, expected: number): Localized {
  return {
    en: `The chain ends with number ${reached}; the head that was kept has number ${expected}: the end was cut off.`,
    zh: `链止于第 ${reached} 号，而留存的链尾为第 ${expected} 号：末尾被截断。`,
  }
}
