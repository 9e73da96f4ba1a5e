import type { Channel } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import { addAttributes, openDraft } from './shared/draft.js'
import type { ProductFacts } from './shared/facts.js'
import { instantOf } from './shared/instant.js'
import { jsonChannel } from './shared/json-channel.js'
import { evidenceAt } from './shared/media.js'
import {
  firstText,
  isRecord,
  type JsonRecord,
  listOf,
  missing,
  recordOf,
  requiredId,
  requiredText,
  textOf,
} from './shared/reader.js'
import { regionOf } from './shared/region.js'

/**
 * Weibo comments, one or `{comments: […]}` as a poll by `since_id` answers: `created_at, id, mid, text,
 * source, user{}, status{}`. Mentions, emoji codes such as `[怒]`, topic marks and short links are taken out.
 */
export function weiboChannel(): Channel {
  return jsonChannel({
    name: 'weibo',
    unwrap: (json) => {
      const items = listOf(json, 'comments')
      return items === undefined ? undefined : { items, path: 'comments' }
    },
    recognise: ({ mid, idstr, id, text, user, status, created_at }) =>
      (mid !== undefined || idstr !== undefined || (id !== undefined && text !== undefined)) &&
      (isRecord(user) || isRecord(status)) &&
      (text !== undefined || created_at !== undefined),
    read: (comment, path) => [readComment(comment, path)],
  })
}

function readComment(comment: JsonRecord, path: string): FeedbackDraft {
  // `mid` and `idstr` are text; `id` is a number that JSON may have rounded.
  const key = comment.mid !== undefined ? 'mid' : comment.idstr !== undefined ? 'idstr' : 'id'
  const id = requiredId(comment, key, path)
  const text = plainWords(requiredText(comment, 'text', path))
  if (text === '') throw missing(`${path}text`)
  const user = recordOf(comment, 'user') ?? {}
  const status = recordOf(comment, 'status') ?? {}
  const facts: ProductFacts = {}
  const location = firstText(comment, ['region_name']) ?? textOf(user, 'location')
  if (location !== undefined && location.length <= 100)
    facts.region = regionOf(location.replace(/^(?:来自|发布于)\s?/, ''))
  const draft = openDraft({ sourceMessageId: id, text, facts, zone: '+08:00' })
  if (comment.created_at !== undefined)
    draft.receivedAt = instantOf(comment.created_at, `${path}created_at`, '+08:00')
  const customer = firstText(user, ['idstr', 'id', 'screen_name'])
  if (customer !== undefined) draft.customer = customer
  draft.customerRole = 'consumer'
  const pictures = evidenceAt(textOf(recordOf(comment, 'pic') ?? {}, 'url'), 'image/jpeg')
  if (pictures.length > 0) draft.evidence = pictures
  addAttributes(draft, {
    thread: firstText(status, ['mid', 'idstr', 'id']),
    inReplyTo: firstText(recordOf(comment, 'reply_comment') ?? {}, ['mid', 'idstr', 'id']),
    // `<a href=…>微博 weibo.com</a>`: the program it was written with.
    client: textOf(comment, 'source')?.replace(/<[^<>]{0,500}>/g, '') || undefined,
  })
  return draft
}

function plainWords(text: string): string {
  return text
    .replace(/<[^<>]{0,500}>/g, '')
    .replace(/(?:回复)?@[\w\u4e00-\u9fff-]{1,30}[:：]?/g, '')
    .replace(/\[[\u4e00-\u9fffA-Za-z]{1,8}\]/g, '')
    .replace(/https?:\/\/t\.cn\/\w{1,20}/g, '')
    .replace(/#/g, ' ')
    .replace(/[ \t]{2,}/g, ' ')
    .trim()
}
