import type { Problem } from '../connector/store.js'
import { problemOf } from '../errors/andon-error.js'
import type { FeedbackDraft } from '../feedback/draft.js'
import { type NormalizeContext, normalizeDraft } from '../feedback/normalize.js'
import { problem } from '../feedback/problem.js'
import type { ChannelName, FeedbackRecord, RawText } from '../feedback/schema.js'
import type { Localized } from '../text.js'
import type { Channel } from './channel.js'
import { isChannelError } from './channel-error.js'
import { type ChannelSet, detects } from './channel-set.js'
import { type DecodeLimits, decodePayload } from './decode.js'
import type { DecodedPayload, RawPayload } from './payload.js'

/** What a payload does not say about itself; its own tenant, source and traceparent go first. */
export interface ReadContext {
  readonly tenant: string
  readonly source: string
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** The tenant's secret for customers' pseudonyms. */
  readonly customerKey: string
  readonly limits?: DecodeLimits
}

/** One report of a payload: a feedback, or why it is none. `raw` is the whole payload either way. */
export type ReadResult =
  | { readonly ok: true; readonly feedback: FeedbackRecord; readonly raw: RawText }
  | {
      readonly ok: false
      readonly problems: readonly Problem[]
      readonly raw: RawText
      readonly channel?: ChannelName
    }

const unknownChannel: Localized = {
  en: 'no parser for the channel {channel} is registered',
  zh: '没有注册渠道 {channel} 的解析器',
}
const wrongChannel: Localized = {
  en: 'wrong channel: this does not look like {channel}; it looks like {other}',
  zh: '渠道不符：内容不像 {channel}，而像 {other}',
}
const notThisChannel: Localized = {
  en: 'wrong channel: this does not look like {channel}, nor like any other registered channel',
  zh: '渠道不符：内容不像 {channel}，也不像任何已注册的渠道',
}
const noChannel: Localized = {
  en: 'no registered channel recognises this payload',
  zh: '没有任何已注册的渠道能识别该内容',
}
const parserFailed: Localized = {
  en: 'the {channel} parser failed: {problem}',
  zh: '{channel} 解析器出错：{problem}',
}
const noReport: Localized = {
  en: 'the {channel} parser found no report in it',
  zh: '{channel} 解析器未在其中找到反馈',
}
const notDrafts: Localized = {
  en: 'the {channel} parser did not return a list of drafts',
  zh: '{channel} 解析器没有返回草稿列表',
}

/**
 * Turns one payload into feedback: decodes it, finds its channel, parses it, normalises each draft. Bad input
 * and failing parsers become problems, never exceptions or rejections. Synchronous unless the parser is not: a promise for each of
 * 40,000 payloads a second would cost more than the parsing.
 */
export function readFeedback(
  raw: RawPayload,
  channels: ChannelSet,
  context: ReadContext,
): readonly ReadResult[] | Promise<readonly ReadResult[]> {
  const decoded = decodePayload(raw, context.limits)
  if (!decoded.ok) return [refused(decoded.raw, decoded.problems, raw.channel)]
  const { payload, raw: record } = decoded
  const channel = chooseChannel(raw, payload, channels)
  if ('reason' in channel) return [refused(record, [channel], raw.channel)]
  try {
    const drafts = channel.parse(payload)
    if (!(drafts instanceof Promise)) return readDrafts(drafts, channel.name, raw, record, context)
    return drafts.then(
      (settled) => readDrafts(settled, channel.name, raw, record, context),
      (error: unknown) => [refused(record, [failureOf(error, channel.name)], channel.name)],
    )
  } catch (error) {
    return [refused(record, [failureOf(error, channel.name)], channel.name)]
  }
}

function refused(raw: RawText, problems: readonly Problem[], channel: ChannelName | undefined): ReadResult {
  return channel === undefined ? { ok: false, problems, raw } : { ok: false, problems, raw, channel }
}

function chooseChannel(raw: RawPayload, payload: DecodedPayload, channels: ChannelSet): Channel | Problem {
  if (raw.channel === undefined) return channels.detect(payload) ?? problem('channel', '', noChannel)
  const channel = channels.get(raw.channel)
  if (channel === undefined) return problem('channel', raw.channel, unknownChannel, { channel: raw.channel })
  if (detects(channel, payload)) return channel
  const other = channels.detect(payload)
  return other === undefined
    ? problem('channel', raw.channel, notThisChannel, { channel: raw.channel })
    : problem('channel', raw.channel, wrongChannel, { channel: raw.channel, other: other.name })
}

function failureOf(error: unknown, channel: ChannelName): Problem {
  if (isChannelError(error)) return problem(error.field, error.value, error.reason)
  return problem('body', '', parserFailed, { channel, problem: problemOf(error) })
}

function readDrafts(
  drafts: readonly FeedbackDraft[],
  channel: ChannelName,
  raw: RawPayload,
  record: RawText,
  context: ReadContext,
): ReadResult[] {
  if (!Array.isArray(drafts)) return [refused(record, [problem('body', '', notDrafts, { channel })], channel)]
  if (drafts.length === 0) return [refused(record, [problem('body', '', noReport, { channel })], channel)]
  const known = contextOf(raw, channel, context)
  return drafts.map((draft: FeedbackDraft) => readDraft(draft, known, record))
}

function readDraft(draft: FeedbackDraft, context: NormalizeContext, raw: RawText): ReadResult {
  try {
    const normalized = normalizeDraft(draft, context)
    return normalized.ok
      ? { ok: true, feedback: normalized.feedback, raw }
      : refused(raw, normalized.problems, context.channel)
  } catch (error) {
    // Only an object with code of its own (a throwing getter) comes here; its neighbours go on.
    return refused(raw, [failureOf(error, context.channel)], context.channel)
  }
}

function contextOf(raw: RawPayload, channel: ChannelName, context: ReadContext): NormalizeContext {
  const known: { -readonly [name in keyof NormalizeContext]: NormalizeContext[name] } = {
    tenant: raw.tenant ?? context.tenant,
    source: raw.source ?? context.source,
    channel,
    now: context.now,
    customerKey: context.customerKey,
  }
  if (raw.receivedAt !== undefined) known.receivedAt = raw.receivedAt
  if (raw.traceparent !== undefined) known.traceparent = raw.traceparent
  return known
}
