import type { Action, Quote } from '@andon/core/connector'

/** The customers' words and everything around them, for people in the plant. Nothing is left out. */
export function wordsOf(action: Action, said: readonly string[] = []): string {
  const { reason, rule, signalId, quotes } = action
  const head = [
    ...said,
    `Reason / 原因: ${reason.en}`,
    ...(reason.zh === reason.en ? [] : [reason.zh]),
    `Andon rule / 规则: ${rule}; signal / 信号: ${signalId}`,
  ]
  return [head.join('\n'), ...quotes.map(quoteText)].join('\n\n')
}

function quoteText(quote: Quote, index: number, all: readonly Quote[]): string {
  const { feedbackId, channel, at, language, productModel, serialNumber } = quote
  const about = [
    `feedback ${feedbackId}`,
    channel,
    at,
    language,
    ...(productModel === undefined ? [] : [`model / 型号 ${productModel}`]),
    ...(serialNumber === undefined ? [] : [`serial / 序列号 ${serialNumber}`]),
  ]
  return [
    `Customer / 客户 ${index + 1}/${all.length} (${about.join(', ')}):`,
    quote.text,
    ...quote.conditions.map((condition) => `Condition / 条件: ${conditionText(condition)}`),
    ...(quote.evidence ?? []).map((evidence) => `Evidence / 证据: ${evidenceText(evidence)}`),
  ].join('\n')
}

function conditionText({ text, quantity, min, max, unit = '' }: Quote['conditions'][number]): string {
  if (min === undefined && max === undefined) return `${text} (${quantity})`
  const range = min === undefined ? `≤ ${max}` : max === undefined ? `≥ ${min}` : `${min} … ${max}`
  return `${text} (${quantity} ${range} ${unit}`.trimEnd().concat(')')
}

function evidenceText({ uri, mime, sha256, derivedText }: NonNullable<Quote['evidence']>[number]): string {
  const proof = sha256 === undefined ? mime : `${mime}, sha256 ${sha256}`
  return `${uri} (${proof})${derivedText === undefined ? '' : `: ${derivedText}`}`
}

/**
 * The text in pieces of at most `limit` UTF-16 units, broken after a line where one ends in the last half of a piece,
 * and never within a character. Joined they are the text again.
 */
export function piecesOf(text: string, limit: number): readonly string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > limit) {
    const line = rest.lastIndexOf('\n', limit - 1) + 1
    let end = line > limit / 2 ? line : limit
    const last = rest.charCodeAt(end - 1)
    // A high surrogate at the end would lose its other half.
    if (last >= 0xd8_00 && last <= 0xdb_ff) end -= 1
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return rest === '' && pieces.length > 0 ? pieces : [...pieces, rest]
}

/** At most `length` characters for a field that also stands in full elsewhere; `…` says that it goes on there. */
export function headline(text: string, length: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  if (line.length <= length) return line
  const cut = line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')
  return `${cut}…`
}
