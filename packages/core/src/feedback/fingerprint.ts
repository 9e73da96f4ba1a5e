import { hash } from 'node:crypto'

/** What decides whether two reports are the same problem. */
export interface FingerprintParts {
  readonly productModel?: string | undefined
  readonly faultCode?: string | undefined
  readonly faultLocation?: string | undefined
  readonly symptomText: string
}

/** The version of the algorithm: a new one gets a new prefix and never regroups what is there. */
const prefix = 'f1:'
const maxLength = 200
const leadingWords = 6
const leadingHan = 12

/**
 * The grouping key: model, fault code and fault location where the report has a code, otherwise model and
 * the leading words of the text without case, numbers and punctuation. Readable; hashed when over 200 characters.
 */
export function fingerprintOf(parts: FingerprintParts): string {
  const model = plain(parts.productModel ?? '')
  const key =
    parts.faultCode === undefined
      ? `${prefix}${model}|~${leading(parts.symptomText)}`
      : `${prefix}${model}|${plain(parts.faultCode)}|${plain(parts.faultLocation ?? '')}`
  return key.length <= maxLength ? key : `${prefix}#${hash('sha256', key).slice(0, 40)}`
}

const plain = (value: string): string => (value.includes('|') ? value.replaceAll('|', '¦') : value)

function leading(text: string): string {
  const words = text
    .slice(0, 400)
    .toLowerCase()
    .match(/\p{Script=Han}|[^\P{L}\p{Script=Han}]+/gu)
  if (words === null) return ''
  let han = 0
  let latin = 0
  let result = ''
  for (const word of words) {
    const isHan = word >= '\u2e80'
    if (isHan ? han >= leadingHan : latin >= leadingWords) break
    if (isHan) han += 1
    else latin += 1
    result += isHan || result === '' ? word : ` ${word}`
  }
  return result
}
