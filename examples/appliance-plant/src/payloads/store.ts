import { localDate, localTime } from '../calendar.js'
import { idOf, json, type Message, type Payload } from '../customers/message.js'

/** The form that a shop fills in for a customer at its desk; the receipt knows the product. */
export function writeStore(message: Message): Payload {
  const { at, words, unit, model, place, language, draw } = message
  return json({
    form_id: idOf(message, 'F-2026-'),
    shop_code: `${place.code.slice(-2)}-${String(draw.whole(1, 90)).padStart(4, '0')}`,
    clerk: language === 'zh' ? `店员${draw.whole(1, 20)}` : `desk ${draw.whole(1, 9)}`,
    product: {
      model: model.model,
      product_line: model.line,
      product_category: model.category,
      ...(unit === undefined
        ? {}
        : { serial_number: unit.serial, production_date: localDate(unit.builtAt), line: model.assemblyLine }),
    },
    receipt_number: idOf(message, 'R-'),
    description: language === 'zh' ? `顾客反映：${words}` : `Customer says: ${words}`,
    reported_at: localTime(at),
    region: place.code,
    language: language === 'zh' ? 'zh-CN' : 'en-GB',
  })
}
