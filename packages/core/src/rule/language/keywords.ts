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

export const isReserved = (word: string): boolean => reserved.has(word.toUpperCase())

/** The clauses in the order they are written; each begins with a reserved word, so parsing can resume there. */
export const clauseOrder = ['FROM', 'WHERE', 'GROUP', 'WINDOW', 'HAVING', 'ONCE', 'ESCALATE', 'THEN'] as const
export type ClauseKeyword = (typeof clauseOrder)[number]
