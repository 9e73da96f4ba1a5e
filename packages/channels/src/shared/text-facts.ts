import { addFact, type ProductFacts } from './facts.js'
import { type FactTarget, targetOfLabel } from './names.js'

/** Facts stand near the top of what people write; a 10 MB text is not combed through. */
const maxScan = 20_000
const maxValue = 80

/**
 * Where a label may end: at a colon, or at the last character of a Chinese label that runs straight into a
 * code (`型号BCD-520W`). The label itself is looked up backwards from there, so text without labels costs one scan.
 */
const labelEnd = /[:：=#]|[号次型码期](?=[ \t]{0,3}[A-Za-z0-9]|[ \t]?[为是])/g
const separators = ':：=#'
const longestLatin = 34
const longestChinese = 8
const valueEnd = /[,，;；。、\n|!！?？]| {2}/
const code = /^[A-Za-z0-9][A-Za-z0-9_\-./#+]*/
const ownCode = /(?<![A-Za-z0-9-])[A-Z]-[A-Z]{2,10}-\d{2,4}(?![A-Za-z0-9-])/

const codeTargets: ReadonlySet<FactTarget> = new Set<FactTarget>(['serialNumber', 'batchNumber', 'faultCode'])

/** A fault code of the form `E-COOL-01` that stands anywhere in the text. */
export function faultCodeIn(text: string): string | undefined {
  return text.includes('-') ? ownCode.exec(text.slice(0, maxScan))?.[0] : undefined
}

/** Reads labelled facts (`Model: X`, `序列号：Y`, `压缩机批次 Z`) and fault codes from free text of either language. */
export function addTextFacts(facts: ProductFacts, text: string): void {
  const scanned = text.length > maxScan ? text.slice(0, maxScan) : text
  const labels = labelsIn(scanned)
  for (const [index, label] of labels.entries()) {
    const limit = Math.min(labels[index + 1]?.start ?? scanned.length, label.end + maxValue)
    const value = statedValue(label.target, scanned.slice(label.end, limit), label.separator)
    if (value !== undefined) addFact(facts, label.target, value)
  }
  const own = facts.faultCode === undefined ? faultCodeIn(scanned) : undefined
  if (own !== undefined) facts.faultCode = own
}

interface Label {
  readonly target: FactTarget
  readonly start: number
  /** Where the value begins. */
  readonly end: number
  /** A colon or its like; without one only codes are believed. */
  readonly separator: boolean
}

function labelsIn(text: string): readonly Label[] {
  const labels: Label[] = []
  labelEnd.lastIndex = 0
  for (let match = labelEnd.exec(text); match !== null; match = labelEnd.exec(text)) {
    const separator = separators.includes(match[0])
    const label = labelBefore(text, separator ? match.index : match.index + 1)
    if (label === undefined) continue
    let end = match.index + 1
    while (end < text.length && ' \t'.includes(text.charAt(end))) end += 1
    if (!separator && '为是'.includes(text.charAt(end))) end += 1
    labels.push({ ...label, end, separator })
  }
  return labels
}

/** The longest known label that ends right before `end`, spaces and a full stop aside. */
function labelBefore(text: string, end: number): { target: FactTarget; start: number } | undefined {
  let last = end
  while (last > 0 && end - last < 4 && ' \t.'.includes(text.charAt(last - 1))) last -= 1
  if (/[\u4e00-\u9fff]/.test(text.charAt(last - 1))) {
    for (let length = Math.min(longestChinese, last); length >= 2; length -= 1) {
      const target = targetOfLabel(text.slice(last - length, last))
      if (target !== undefined) return { target, start: last - length }
    }
    return undefined
  }
  let start = last
  while (start > 0 && last - start < longestLatin && /[A-Za-z/ _-]/.test(text.charAt(start - 1))) start -= 1
  for (const word of text.slice(start, last).matchAll(/[A-Za-z/]+/g)) {
    const target = targetOfLabel(text.slice(start + word.index, last))
    if (target !== undefined) return { target, start: start + word.index }
  }
  return undefined
}

function statedValue(target: FactTarget, rest: string, separator: boolean): string | undefined {
  const end = rest.search(valueEnd)
  const value = (end < 0 ? rest : rest.slice(0, end)).trim()
  const token = code.exec(value)?.[0].replace(/[./#-]+$/, '')
  if (target === 'manufacturedAt')
    return /^\d{4}\s?[-/.年]\s?\d{1,2}(?:\s?[-/.月]\s?\d{1,2}日?|月)?/.exec(value)?.[0]
  if (codeTargets.has(target) || target.startsWith('componentBatches.')) {
    return token !== undefined && /\d/.test(token) ? token : undefined
  }
  if (target === 'productModel') return modelOf(value, token, separator)
  return separator && value !== '' && value.length <= 40 ? value : undefined
}

/** `CoolMax 520` on a line of its own is the model; of `BCD-520W的冰箱不制冷` only the code is. */
function modelOf(value: string, token: string | undefined, separator: boolean): string | undefined {
  if (token !== undefined && /\d/.test(token)) return token
  const named = /^[A-Za-z][A-Za-z-]*(?: [A-Za-z][A-Za-z-]*)? [A-Za-z-]*\d[A-Za-z0-9-]*/.exec(value)?.[0]
  if (named !== undefined) return named
  return separator && value !== '' && value.length <= 24 ? value : undefined
}
