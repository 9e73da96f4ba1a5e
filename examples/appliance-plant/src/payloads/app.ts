import { createHash } from 'node:crypto'
import { json, type Message, type Payload } from '../customers/message.js'

const hex = (text: string): string => createHash('md5').update(text).digest('hex')

/** The feedback widget of the fridge's app, as an error-tracking SDK reports it. */
export function writeApp({ number, at, words, unit, model, place, language, code, draw }: Message): Payload {
  const user = `u-${draw.whole(1000, 9999)}`
  return json({
    event_id: hex(`event ${number}`),
    timestamp: at / 1000,
    platform: 'javascript',
    level: 'info',
    release: 'fridge-app@4.12.0',
    environment: 'production',
    tags: { region: place.code, screen: draw.pick(['temperature', 'home', 'help']) },
    user: { id: user },
    contexts: {
      feedback: {
        contact_email: `${user}@example.com`,
        message: words,
        url: 'app://fridge/help',
        source: 'widget',
        ...(code === undefined ? {} : { associated_event_id: hex(`error ${number}`) }),
      },
      device: { model: draw.pick(['iPhone14,3', 'SM-S921B', 'PLR-AL30']), family: 'phone' },
      app: { app_version: '4.12.0' },
      culture: { locale: language === 'zh' ? 'zh_CN' : 'en_US' },
      product: { model: model.model, ...(unit === undefined ? {} : { serial_number: unit.serial }) },
    },
  })
}
