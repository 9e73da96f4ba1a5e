import type { Expression } from '../ast.js'
import { parseActions } from './action-parser.js'
import { type ClauseKeyword, clausesAfter } from './keywords.js'
import { parseInhibitedBy, parseLength, parseResolveWhen } from './life-parser.js'
import { parseMatch, parseWithout } from './pattern-parser.js'
import type { RuleDraft } from './rule-draft.js'
import { parseFrom } from './select-parser.js'
import { parseWindow } from './window-parser.js'

/** Reads each clause from its first keyword on, which is the current token. */
export const clauseReaders: Readonly<Record<ClauseKeyword, (draft: RuleDraft) => void>> = {
  FROM: parseFrom,
  WHERE: (draft) => condition(draft, 'WHERE', 'where'),
  MATCH: parseMatch,
  WITHOUT: parseWithout,
  GROUP: groupBy,
  WINDOW: parseWindow,
  HAVING: (draft) => condition(draft, 'HAVING', 'having'),
  RESOLVE: parseResolveWhen,
  FOR: (draft) => parseLength(draft, 'holdFor'),
  KEEP: (draft) => parseLength(draft, 'keepFiringFor'),
  ONCE: (draft) => parseLength(draft, 'oncePer'),
  INHIBITED: parseInhibitedBy,
  ESCALATE: actions,
  THEN: actions,
}

function condition(draft: RuleDraft, clause: ClauseKeyword, part: 'where' | 'having'): void {
  draft.cursor.advance()
  draft.rule[part] = draft.expression(clausesAfter(clause))
  draft.places[part] = draft.cursor.source
}

function groupBy(draft: RuleDraft): void {
  const { cursor } = draft
  cursor.advance()
  cursor.needKeyword('BY')
  const items: Expression[] = []
  do items.push(draft.expression(clausesAfter('GROUP')))
  while (cursor.takeSymbol(','))
  draft.rule.groupBy = items
  draft.places.groupBy = items.map(() => cursor.source)
}

function actions(draft: RuleDraft): void {
  const parsed = parseActions(draft.cursor)
  draft.rule.actions = [...draft.rule.actions, ...parsed.actions]
  draft.places.actions = [...draft.places.actions, ...parsed.places]
}
