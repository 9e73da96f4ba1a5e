import type { Position } from '@andon/core/connector'
import * as z from 'zod'
import { type Mark, markSchema } from './keyset-reader.js'

/** Where a source goes on. */
export interface CasePosition {
  /** Of the last event that is durable, base64: opaque bytes, never a number. Undefined: read by queries so far. */
  readonly replayId: string | undefined
  /** Those of the latest events up to that one: after a reconnect they may come again. */
  readonly seen: readonly string[]
  readonly cases: Mark | undefined
  readonly comments: Mark | undefined
  readonly emails: Mark | undefined
}

const schema = z.object({
  version: z.literal(1),
  topic: z.string(),
  replayId: z.string().optional(),
  /** One text of many, as base64 has no blanks. */
  seen: z.string().default(''),
  cases: markSchema.optional(),
  comments: markSchema.optional(),
  emails: markSchema.optional(),
})

const nothing: CasePosition = {
  replayId: undefined,
  seen: [],
  cases: undefined,
  comments: undefined,
  emails: undefined,
}

/** What was kept, as far as it is ours; the replay id only of this topic. */
export function readPosition(kept: Position | undefined, topic: string): CasePosition {
  const read = schema.safeParse(kept).data
  if (read === undefined) return nothing
  const { cases, comments, emails } = read
  const isOurs = read.topic === topic
  const seen = isOurs ? read.seen.split(' ').filter((id) => id !== '') : []
  return { replayId: isOurs ? read.replayId : undefined, seen, cases, comments, emails }
}

/** Plain data, so that it can be kept. */
export function writePosition(position: CasePosition, topic: string): Position {
  const marks = { cases: position.cases, comments: position.comments, emails: position.emails }
  const known = Object.entries(marks).flatMap(([name, mark]): [string, Position][] =>
    mark === undefined ? [] : [[name, { at: mark.at, id: mark.id, recent: { ...mark.recent } }]],
  )
  return {
    version: 1,
    topic,
    ...(position.replayId === undefined
      ? {}
      : { replayId: position.replayId, seen: position.seen.join(' ') }),
    ...Object.fromEntries(known),
  }
}
