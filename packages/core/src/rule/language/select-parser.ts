import type { SelectItem } from '../ast.js'
import { readName } from './name-parser.js'
import type { RulePlaces } from './parsed-rule.js'
import type { RuleDraft } from './rule-draft.js'
import { candidateRank, candidates } from './suggest.js'

/** Reads `SELECT *`, or SELECT with its list. */
export function parseSelect(draft: RuleDraft): void {
  const { cursor } = draft
  cursor.needKeyword('SELECT')
  if (cursor.takeSymbol('*')) return
  const items: SelectItem[] = []
  const places: RulePlaces['select'][number][] = []
  do {
    const expression = draft.expression(['AS', 'FROM'])
    if (cursor.takeKeyword('AS')) {
      const { start } = cursor.token
      const alias = readName(cursor, { label: { en: 'an alias', zh: '别名' } })
      items.push({ expression, alias })
      places.push({ source: cursor.source, alias: draft.located(start) })
    } else {
      items.push({ expression })
      places.push({ source: cursor.source })
    }
  } while (cursor.takeSymbol(','))
  draft.rule.select = items
  draft.places.select = places
}

const feedbacks = {
  label: { en: 'feedbacks', zh: 'feedbacks' },
  candidates: candidates(['feedbacks'], candidateRank.keyword),
}

/** Reads `FROM feedbacks`: there is nothing else to read from. */
export function parseFrom({ cursor }: RuleDraft): void {
  cursor.needKeyword('FROM')
  cursor.expect(feedbacks)
  if (cursor.token.value.toLowerCase() === 'feedbacks' || cursor.repair(['feedbacks'])) cursor.advance()
  else cursor.fail()
}
