import { clausesAfter } from './keywords.js'
import { readName } from './name-parser.js'
import type { Located } from './parsed-rule.js'
import type { RuleDraft } from './rule-draft.js'

/** Reads `RESOLVE WHEN predicate`; the first keyword is the current token, here and below. */
export function parseResolveWhen(draft: RuleDraft): void {
  const { cursor } = draft
  cursor.advance()
  cursor.needKeyword('WHEN')
  draft.rule.resolveWhen = draft.expression(clausesAfter('RESOLVE'))
  draft.places.resolveWhen = cursor.source
}

/** The lengths in a rule's life, by the words that follow their first one. */
const lengths = { holdFor: [], keepFiringFor: ['FIRING', 'FOR'], oncePer: ['PER'] } as const

/** Reads `FOR INTERVAL '…'`, `KEEP FIRING FOR INTERVAL '…'` or `ONCE PER INTERVAL '…'`. */
export function parseLength(draft: RuleDraft, part: keyof typeof lengths): void {
  const { cursor } = draft
  const { start } = cursor.advance()
  for (const word of lengths[part]) cursor.needKeyword(word)
  const { value, place } = draft.interval(start)
  if (value !== undefined) draft.rule[part] = value
  draft.places[part] = place
}

const ruleName = { label: { en: "a rule's name", zh: '规则名称' } }

/** Reads `INHIBITED BY rule, …`. */
export function parseInhibitedBy(draft: RuleDraft): void {
  const { cursor } = draft
  cursor.advance()
  cursor.needKeyword('BY')
  const names: string[] = []
  const places: Located[] = []
  do {
    const { start } = cursor.token
    names.push(readName(cursor, ruleName))
    places.push(draft.located(start))
  } while (cursor.takeSymbol(','))
  draft.rule.inhibitedBy = names
  draft.places.inhibitedBy = places
}
