import type { Channel } from '@andon/core'
import { mappingChannel } from '../mapping/mapping-channel.js'
import type { Mapping } from '../mapping/mapping-schema.js'

/**
 * The channel of a mapping for rows of the past. Where the envelope says when a row was received, the clock does not believe
 * the row's own date, and neither does its feedback; a `receivedAt` that the mapping takes from elsewhere is left to intake.
 */
export function replayChannel(mapping: Mapping): Channel {
  const channel = mappingChannel(mapping)
  if (mapping.fields.receivedAt !== undefined) return channel
  return {
    ...channel,
    parse(payload) {
      const drafts = channel.parse(payload)
      if (payload.receivedAt === undefined) return drafts
      return drafts.map(({ receivedAt: _, ...draft }) => draft)
    },
  }
}
