import type { CaseBranch, Expression } from '../ast.js'
import type { ExpressionReader } from './call-parser.js'
import { type Cursor, SyntaxStop } from './cursor.js'

/** They end a value inside of CASE, so that none of them can begin one there; elsewhere they are names. */
export const caseWords: ReadonlySet<string> = new Set(['WHEN', 'ELSE', 'END'])

/** Reads `CASE … END`; CASE is the current token. */
export function parseCase(reader: ExpressionReader): Expression {
  const { cursor } = reader
  const { start } = cursor.advance()
  const level = ++reader.openCases
  try {
    const operand = cursor.isKeyword('WHEN') ? undefined : reader.parse(0, ['WHEN', 'END'])
    const branches: CaseBranch[] = []
    do {
      cursor.needKeyword('WHEN')
      const when = reader.parse(0, ['THEN'])
      cursor.needKeyword('THEN')
      // biome-ignore lint/suspicious/noThenProperty: SQL's word; a tree is never awaited
      branches.push({ when, then: reader.parse(0, ['WHEN', 'ELSE', 'END']) })
    } while (cursor.isKeyword('WHEN'))
    const otherwise = cursor.takeKeyword('ELSE') ? reader.parse(0, ['END']) : undefined
    cursor.needKeyword('END')
    reader.openCases--
    return reader.node({
      type: 'case',
      ...(operand && { operand }),
      branches,
      ...(otherwise && { otherwise }),
      span: cursor.spanFrom(start),
    })
  } catch (problem) {
    // Only the outermost looks for its end: each by itself would read the rest of the text once a level.
    if (problem instanceof SyntaxStop && level === 1) skipCases(cursor, reader.openCases)
    throw problem
  }
}

/** Behind the END of a CASE that cannot be read, so that its THEN is not taken for the rule's. */
function skipCases(cursor: Cursor, unfinished: number): void {
  let open = unfinished
  for (let distance = 0; ; distance++) {
    const { kind, keyword, value } = cursor.peek(distance)
    if (kind === 'end' || (kind === 'symbol' && value === ';')) return
    if (keyword === 'CASE') open++
    else if (keyword === 'END') open--
    if (open > 0) continue
    for (let taken = 0; taken <= distance; taken++) cursor.advance()
    return
  }
}

/** Reads `ARRAY[…]`; ARRAY is the current token, and a bracket follows. */
export function parseArray(reader: ExpressionReader): Expression {
  const { cursor } = reader
  const { start } = cursor.advance()
  cursor.needSymbol('[')
  const items = [reader.parse(0)]
  while (cursor.takeSymbol(',')) items.push(reader.parse(0))
  cursor.needSymbol(']')
  return reader.node({ type: 'array', items, span: cursor.spanFrom(start) })
}
