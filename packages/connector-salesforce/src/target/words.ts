import type { Action, Quote } from '@andon/core/connector'

/** The customers' words and everything around them, for the people of the service. Nothing is left out. */
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
