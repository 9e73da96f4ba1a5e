/** Words that cannot be a bare name, so that a forgotten name is noticed where it is missing. */
const reserved: ReadonlySet<string> = new Set([
  'AND',
  'AS',
  'BETWEEN',
  'CREATE',
  'DISTINCT',
  'ESCALATE',
  'ESCAPE',
  'FALSE',
  'FROM',
  'GROUP',
  'HAVING',
  'ILIKE',
  'IN',
  'INTERVAL',
  'IS',
  'LIKE',
  'NOT',
  'NULL',
  'ON',
  'ONCE',
  'OR',
  'SELECT',
  'THEN',
  'TRUE',
  'WHERE',
  'WINDOW',
  'WITH',
])

const longestReserved = Math.max(...Array.from(reserved, (word) => word.length))

export const isReserved = (word: string): boolean =>
  word.length <= longestReserved && reserved.has(word.toUpperCase())

/**
 * The clauses in the order they are written. The older ones begin with reserved words; MATCH, WITHOUT, RESOLVE,
 * FOR, KEEP and INHIBITED came later and stay names elsewhere, so that no rule that worked before breaks.
 */
export const clauseOrder = [
  'FROM',
  'WHERE',
  'MATCH',
  'WITHOUT',
  'GROUP',
  'WINDOW',
  'HAVING',
  'RESOLVE',
  'FOR',
  'KEEP',
  'ONCE',
  'INHIBITED',
  'ESCALATE',
  'THEN',
] as const
export type ClauseKeyword = (typeof clauseOrder)[number]

/** What a person calls each clause. */
export const clauseTitles: Readonly<Record<ClauseKeyword, string>> = {
  FROM: 'FROM',
  WHERE: 'WHERE',
  MATCH: 'MATCH',
  WITHOUT: 'WITHOUT',
  GROUP: 'GROUP BY',
  WINDOW: 'WINDOW',
  HAVING: 'HAVING',
  RESOLVE: 'RESOLVE WHEN',
  FOR: 'FOR',
  KEEP: 'KEEP FIRING FOR',
  ONCE: 'ONCE PER',
  INHIBITED: 'INHIBITED BY',
  ESCALATE: 'ESCALATE',
  THEN: 'THEN',
}

/** What must follow those that are no reserved words, where the text is too broken to tell a clause by its place. */
export const secondWords: ReadonlyMap<string, string> = new Map([
  ['MATCH', '('],
  ['WITHOUT', '('],
  ['RESOLVE', 'WHEN'],
  ['FOR', 'INTERVAL'],
  ['KEEP', 'FIRING'],
  ['INHIBITED', 'BY'],
])

/** They speak of a firing that lasts, which only HAVING makes. */
const needHaving: ReadonlySet<ClauseKeyword> = new Set(['RESOLVE', 'FOR', 'KEEP'])

const following: ReadonlyMap<ClauseKeyword, readonly ClauseKeyword[]> = new Map(
  clauseOrder.map((clause, index) => [
    clause,
    clauseOrder.slice(index + 1).filter((next) => {
      if (next === 'MATCH') return clause === 'FROM'
      return !needHaving.has(next) || index >= clauseOrder.indexOf('HAVING')
    }),
  ]),
)

/** The clauses that make sense behind one. */
export const clausesAfter = (clause: ClauseKeyword): readonly ClauseKeyword[] => following.get(clause) ?? []

const clauseWords: ReadonlySet<string> = new Set(clauseOrder)

/** A word that begins a clause is no slip of another one, however near: FOR and OR. */
export const beginsClause = (keyword: string): boolean => clauseWords.has(keyword)

export const isAction = (clause: ClauseKeyword): boolean => clause === 'ESCALATE' || clause === 'THEN'
