import type { Channel, Localized } from '@andon/core'
import { ChannelError, type DecodedPayload } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import { filled } from '../locale.js'
import { compileDraft } from './draft.js'
import type { Mapping } from './mapping-schema.js'
import type { Row, Scope } from './row.js'
import { elementsOf, withElement } from './split.js'

const noRow: Localized = { en: 'is not a row that can be read', zh: '不是可读取的一行' }
const wrongWidth: Localized = {
  en: 'has {count} cells, which is not what the header has',
  zh: '有 {count} 个单元格，与表头不符',
}
const damaged: Localized = {
  en: 'has characters that cannot be read: is "encoding" in the mapping right?',
  zh: '含有无法读取的字符：映射中的 encoding 是否正确？',
}

/** A channel that reads at once. */
export interface MappingChannel extends Channel {
  parse(payload: DecodedPayload): readonly FeedbackDraft[]
}

/**
 * The channel that a mapping describes: one row in, one feedback out, or one for each element of the list cell
 * that `explode` names (one without it when the cell is empty).
 */
export function mappingChannel(mapping: Mapping): MappingChannel {
  const { channel, explode } = mapping
  const draftOf = compileDraft(mapping)
  return {
    contract: 1,
    name: channel,
    // The rows are addressed to it; what is no row is refused by `parse`, with a reason.
    detect: () => true,
    parse({ json, text }) {
      if (Array.isArray(json)) throw new ChannelError('row', text, filled(wrongWidth, { count: json.length }))
      if (json === undefined) throw new ChannelError('row', text, noRow)
      // Just seen to be no list.
      const row = json as Row
      refuseDamaged(row, text)
      const scope: Scope = { row }
      if (explode === undefined) return [draftOf(scope)]
      const elements = elementsOf(explode, scope)
      if (elements.length === 0) return [draftOf(scope)]
      return elements.map((element) => draftOf(withElement(scope, explode, element)))
    },
  }
}

/** U+FFFD is what a decoder puts in place of bytes that are not of the encoding. */
function refuseDamaged(row: Row, text: string): void {
  if (!text.includes('\ufffd')) return
  for (const [column, value] of Object.entries(row)) {
    if (typeof value === 'string' && value.includes('\ufffd')) throw new ChannelError(column, value, damaged)
  }
}
