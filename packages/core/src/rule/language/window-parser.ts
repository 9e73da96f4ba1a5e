import type { TimeWindow } from '../ast.js'
import type { Located, WindowPlaces } from './parsed-rule.js'
import type { RuleDraft } from './rule-draft.js'

const windowKinds = ['SLIDING', 'TUMBLING', 'SESSION', 'COUNT'] as const
type WindowKeyword = (typeof windowKinds)[number]
const kinds = { SLIDING: 'sliding', TUMBLING: 'tumbling', SESSION: 'session' } as const

/** Reads WINDOW with its kind, its size, and what a window of time may say further; WINDOW is the current token. */
export function parseWindow(draft: RuleDraft): void {
  const { cursor } = draft
  const { start } = cursor.advance()
  const keyword = windowKind(draft)
  if (keyword === 'COUNT') {
    countWindow(draft)
    return
  }
  const { value: size, place } = draft.interval(start)
  const eventTime = parseEventTime(draft)
  const final = parseFinal(draft)
  draft.places.window = {
    size: place,
    ...(eventTime === undefined ? {} : eventTime.places),
    ...(final === undefined ? {} : { final }),
  }
  if (size === undefined) return
  draft.rule.window = {
    kind: kinds[keyword],
    size,
    ...(eventTime?.lateness === undefined ? {} : { lateness: eventTime.lateness }),
    ...(final === undefined ? {} : { final: true }),
  }
}

function windowKind({ cursor }: RuleDraft): WindowKeyword {
  const written = (): WindowKeyword | undefined => windowKinds.find((kind) => cursor.isKeyword(kind))
  const kind = written() ?? (cursor.repair(windowKinds) ? written() : undefined)
  if (kind === undefined) return cursor.fail()
  cursor.advance()
  return kind
}

/** `ON EVENT TIME LATENESS INTERVAL '…'`, if it stands here. */
function parseEventTime(draft: RuleDraft):
  | {
      readonly lateness: TimeWindow['lateness']
      readonly places: Pick<WindowPlaces, 'eventTime' | 'lateness'>
    }
  | undefined {
  const { cursor } = draft
  const { start } = cursor.token
  if (!cursor.takeKeyword('ON')) return undefined
  cursor.needKeyword('EVENT')
  cursor.needKeyword('TIME')
  const eventTime = draft.located(start)
  const from = cursor.token.start
  cursor.needKeyword('LATENESS')
  const { value, place } = draft.interval(from)
  return { lateness: value, places: { eventTime, lateness: place } }
}

/** `EMIT FINAL`, if it stands here. */
function parseFinal(draft: RuleDraft): Located | undefined {
  const { cursor } = draft
  const { start } = cursor.token
  if (!cursor.takeKeyword('EMIT')) return undefined
  cursor.needKeyword('FINAL')
  return draft.located(start)
}

function countWindow(draft: RuleDraft): void {
  const { cursor } = draft
  cursor.expect({ label: { en: 'a whole number of entries', zh: '条目数（整数）' } })
  const { token } = cursor
  if (token.kind !== 'number') cursor.fail()
  cursor.advance()
  draft.rule.window = { kind: 'count', count: Number(token.value) }
  draft.places.window = { size: draft.located(token.start) }
  const eventTime = parseEventTime(draft)?.places.eventTime
  if (eventTime !== undefined) notForCounts(draft, eventTime, 'ON EVENT TIME')
  const final = parseFinal(draft)
  if (final !== undefined) notForCounts(draft, final, 'EMIT FINAL')
}

/** A window of the last entries never closes and knows no time: the AST has no place for either. */
function notForCounts({ cursor }: RuleDraft, at: Located, words: string): void {
  cursor.diagnostics.add(at.source, at.span, {
    code: 'not-allowed-here',
    message: {
      en: `${words} does not go with WINDOW COUNT, which looks at the last entries whenever they came`,
      zh: `WINDOW COUNT 只看最近的若干条，与时间无关，不能使用 ${words}`,
    },
  })
}
