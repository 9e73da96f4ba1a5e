import { idOf, json, type Message, type Payload } from '../customers/message.js'

/** A feedback form: one answer per field, as a survey hub exports them. */
export function writeWeb(message: Message): Payload {
  const { at, words, unit, model, place, stars, language, draw } = message
  const common = {
    submission_id: idOf(message, 'sub-'),
    user_id: `u-${draw.whole(10_000, 99_999)}`,
    language: language === 'zh' ? 'zh-CN' : 'en-GB',
    collected_at: new Date(at).toISOString(),
    source_type: 'survey',
    source_id: 'svy-42',
  }
  const answer = (field_id: string, value_text: string): object => ({
    ...common,
    ...{ field_id, field_type: 'text', value_text },
  })
  return json([
    answer('symptom', words),
    answer('product_model', model.model),
    ...(unit === undefined ? [] : [answer('serial_number', unit.serial)]),
    answer('region', place.code),
    {
      ...common,
      field_id: 'nps',
      field_type: 'nps',
      value_number: Math.max(0, stars * 2 - draw.whole(0, 1)),
    },
  ])
}
