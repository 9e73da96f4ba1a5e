import type { Channel, DecodedPayload } from '@andon/core/connector'
import type { ChannelName, FeedbackDraft } from '@andon/core/feedback'
import { isRecord, type JsonRecord, missing, requiredRecord, wrong } from './reader.js'

export interface JsonChannelShape {
  readonly name: ChannelName
  /** The list inside an envelope, with its path for errors; undefined when the object is the message itself. */
  readonly unwrap?: (json: JsonRecord) => Wrapped | undefined
  /** Property checks only. */
  readonly recognise: (item: JsonRecord) => boolean
  /** Reads one message; `path` (`comments[2].`) goes before every field name in an error. */
  readonly read: (item: JsonRecord, path: string, envelope: JsonRecord) => readonly FeedbackDraft[]
}

export interface Wrapped {
  readonly items: readonly unknown[]
  readonly path: string
}

/** A channel whose platform sends JSON: one message, an array of them, or an envelope around an array. */
export function jsonChannel(shape: JsonChannelShape): Channel {
  const wrapped = (json: DecodedPayload['json']): Wrapped | undefined => {
    if (isRecord(json)) return shape.unwrap?.(json)
    return Array.isArray(json) ? { items: json, path: '' } : undefined
  }
  return {
    contract: 1,
    name: shape.name,
    detect: ({ json }) => {
      if (json === undefined) return false
      const list = wrapped(json)
      const first = list === undefined ? json : list.items[0]
      return isRecord(first) && shape.recognise(first)
    },
    parse: ({ json, text }) => {
      if (json === undefined) throw notJson(text)
      const list = wrapped(json)
      if (list === undefined) {
        const item = requiredRecord(json, 'body')
        return shape.read(item, '', item)
      }
      const envelope = isRecord(json) ? json : {}
      const drafts = list.items.flatMap((item, index) => {
        const path = `${list.path}[${index}]`
        return shape.read(requiredRecord(item, path), `${path}.`, envelope)
      })
      if (drafts.length === 0) throw missing(list.path || 'body')
      return drafts
    },
  }
}

export function notJson(text: string): Error {
  return wrong('body', text.slice(0, 200), 'is not a JSON object or array', '不是 JSON 对象或数组')
}
