import type { Expression, RuleAction } from '../ast.js'
import type { Cursor } from './cursor.js'
import { parseExpression } from './expression-parser.js'
import { readName } from './name-parser.js'
import type { ActionPlaces, Located } from './parsed-rule.js'

export interface ParsedActions {
  readonly actions: readonly RuleAction[]
  readonly places: readonly ActionPlaces[]
}

interface ParsedAction {
  readonly action: RuleAction
  readonly places: ActionPlaces
}

/** Reads `ESCALATE TO …`, or THEN with its list of actions; the keyword is the current token. */
export function parseActions(cursor: Cursor): ParsedActions {
  const parsed: ParsedAction[] = []
  if (cursor.token.keyword === 'ESCALATE') {
    parsed.push(escalation(cursor))
  } else {
    cursor.advance()
    do parsed.push(call(cursor))
    while (cursor.takeSymbol(','))
  }
  return { actions: parsed.map(({ action }) => action), places: parsed.map(({ places }) => places) }
}

const located = (cursor: Cursor, start: number): Located => ({
  source: cursor.source,
  span: cursor.spanFrom(start),
})

function escalation(cursor: Cursor): ParsedAction {
  const { start } = cursor.advance()
  const kind = located(cursor, start)
  cursor.needKeyword('TO')
  const team = cursor.token
  const label = { en: 'the team to escalate to', zh: '要升级到的团队' }
  const name = readName(cursor, { label })
  const to: Expression = { type: 'literal', value: name, span: cursor.spanFrom(team.start) }
  const params = new Map([['to', located(cursor, team.start)]])
  return finish(cursor, start, 'escalate', { to }, { kind, params })
}

function call(cursor: Cursor): ParsedAction {
  const { start } = cursor.token
  const label = { en: "an action's kind", zh: '动作类型' }
  let kind = readName(cursor, { label })
  while (cursor.takeSymbol('.')) kind += `.${readName(cursor, { label }, true)}`
  const place = located(cursor, start)
  const values: [string, Expression][] = []
  const params = new Map<string, Located>()
  if (cursor.takeSymbol('(') && !cursor.takeSymbol(')')) {
    do {
      const from = cursor.token.start
      const name = readName(cursor, { label: { en: "a parameter's name", zh: '参数名称' } }, true)
      const at = located(cursor, from)
      if (params.has(name)) {
        cursor.diagnostics.add(at.source, at.span, {
          code: 'duplicate',
          message: { en: `the parameter ${name} is given twice`, zh: `参数 ${name} 重复` },
        })
      }
      cursor.needSymbol('=')
      values.push([name, parseExpression(cursor)])
      params.set(name, at)
    } while (cursor.takeSymbol(','))
    cursor.needSymbol(')')
  }
  return finish(cursor, start, kind, Object.fromEntries(values), { kind: place, params })
}

/** Reads `[ON target] [WITH PRIORITY n]` and puts the action together. */
function finish(
  cursor: Cursor,
  start: number,
  kind: string,
  params: RuleAction['params'],
  places: ActionPlaces,
): ParsedAction {
  const on = cursor.takeKeyword('ON') ? readTarget(cursor) : undefined
  const urgency = cursor.takeKeyword('WITH') ? readPriority(cursor) : undefined
  return {
    action: {
      kind,
      params,
      ...(on === undefined ? {} : { target: on.value }),
      ...(urgency === undefined ? {} : { priority: urgency.value }),
      span: cursor.spanFrom(start),
    },
    places: {
      ...places,
      ...(on === undefined ? {} : { target: on.place }),
      ...(urgency === undefined ? {} : { priority: urgency.place }),
    },
  }
}

function readTarget(cursor: Cursor): { readonly value: string; readonly place: Located } {
  const { start } = cursor.token
  const value = readName(cursor, { label: { en: "a target's name", zh: '目标系统名称' } })
  return { value, place: located(cursor, start) }
}

function readPriority(cursor: Cursor): { readonly value: number; readonly place: Located } {
  cursor.needKeyword('PRIORITY')
  cursor.expect({ label: { en: 'a number from 1 to 9', zh: '1 到 9 的数字' } })
  const { token } = cursor
  if (token.kind !== 'number') return cursor.fail()
  cursor.advance()
  return { value: Number(token.value), place: located(cursor, token.start) }
}
