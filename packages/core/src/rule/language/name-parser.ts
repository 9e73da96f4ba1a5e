import type { Cursor, Expectation } from './cursor.js'
import { isReserved } from './keywords.js'
import { foldName } from './token.js'

/**
 * Reads one name: a bare word, folded to lower case, or a quoted one.
 * @param expectation what the name is for
 */
export function readName(cursor: Cursor, expectation: Expectation, mayBeReserved = false): string {
  cursor.expect(expectation)
  const { token } = cursor
  if (token.kind === 'quoted') return cursor.advance().value
  if (token.kind !== 'word' || (!mayBeReserved && isReserved(token.value))) return cursor.fail()
  return foldName(cursor.advance().value)
}
