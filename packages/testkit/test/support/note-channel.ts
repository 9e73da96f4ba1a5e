import { type Channel, ChannelError, type DecodedPayload } from '@andon/core/connector'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function textAt(note: Readonly<Record<string, unknown>>, field: string): string {
  const value = note[field]
  if (typeof value === 'string' && value.trim() !== '') return value
  throw new ChannelError(field, value, { en: 'is missing', zh: '缺失' })
}

/** The reference channel: notes that a shop writes down, `{"shop_note": {"id", "words"}}`. */
export const noteChannel: Channel = {
  contract: 1,
  name: 'store',
  detect: ({ json }) => isObject(json) && isObject(json.shop_note),
  parse({ json }) {
    const note = isObject(json) ? json.shop_note : undefined
    if (!isObject(note)) throw new ChannelError('shop_note', note, { en: 'is missing', zh: '缺失' })
    return [{ sourceMessageId: textAt(note, 'id'), symptomText: textAt(note, 'words') }]
  },
}

const payload = (json: Readonly<Record<string, unknown>>): DecodedPayload => ({
  text: JSON.stringify(json),
  json,
})

export const notes: readonly DecodedPayload[] = [
  payload({ shop_note: { id: 'n-1', words: 'It hums at night' } }),
  payload({ shop_note: { id: 'n-2', words: '夜里嗡嗡响', seller: null } }),
]

export const otherPayload = payload({ form: { id: 'n-3', words: 'not from a shop' } })
