import { isRecord, type JsonRecord, recordOf, textOf } from './reader.js'

/** Names under which platforms list the customer's side and the company's side of a conversation. */
const customerSide: ReadonlySet<string> = new Set(
  'customer caller client user visitor guest end-user end_user enduser buyer consumer 客户 用户 顾客 买家 来电人'.split(
    ' ',
  ),
)
const companySide: ReadonlySet<string> = new Set(
  'agent operator seat staff admin system bot business seller ivr 坐席 座席 客服 客服人员 机器人 系统 卖家'.split(
    ' ',
  ),
)

export interface Conversation {
  /** What the customer said, turn by turn, one line each. */
  readonly customer: string
  /** How many turns the company had. */
  readonly companyTurns: number
  readonly customerTurns: number
}

function speakerOf(turn: JsonRecord): string {
  const author = recordOf(turn, 'author') ?? recordOf(turn, 'sender')
  const spoken =
    textOf(turn, 'speaker') ??
    textOf(turn, 'role') ??
    textOf(turn, 'author') ??
    textOf(turn, 'from') ??
    (author === undefined ? undefined : (textOf(author, 'role') ?? textOf(author, 'type')))
  return (spoken ?? '').toLowerCase()
}

function wordsOf(turn: JsonRecord): string | undefined {
  const content = recordOf(turn, 'content')
  return (
    textOf(turn, 'text') ??
    textOf(turn, 'body') ??
    textOf(turn, 'message') ??
    textOf(turn, 'content') ??
    (content === undefined ? undefined : textOf(content, 'text'))
  )
}

/**
 * Parts a conversation into the customer's words and the rest. Only words of a speaker who is known to be the
 * customer count as a symptom. When no speaker is (a diarisation that says `spk_0`), everyone who is not known
 * to be of the company counts: losing a complaint is worse than keeping a greeting.
 */
export function conversationOf(turns: readonly unknown[]): Conversation {
  const known: string[] = []
  const unknown: string[] = []
  let companyTurns = 0
  for (const turn of turns) {
    if (!isRecord(turn)) continue
    const words = wordsOf(turn)
    if (words === undefined) continue
    const speaker = speakerOf(turn)
    if (customerSide.has(speaker)) known.push(words)
    else if (companySide.has(speaker)) companyTurns += 1
    else unknown.push(words)
  }
  const spoken = known.length > 0 ? known : unknown
  return { customer: spoken.join('\n'), companyTurns, customerTurns: spoken.length }
}
