import type { ChannelName } from '@andon/core/feedback'
import { type Draw, drawFrom, type Some } from '../random.js'
import type { Occasion, Topic } from '../world/failures.js'
import { drawPlace, type Language } from '../world/places.js'
import { drawModel } from '../world/products.js'
import type { Unit } from '../world/unit.js'
import type { Message } from './message.js'
import { drawCode, sentence } from './phrases.js'

type Weights = Some<readonly [ChannelName, number]>

const people: Readonly<Record<Language, Weights>> = {
  zh: [
    ['wechat', 17],
    ['ecommerce', 14],
    ['call', 13],
    ['app', 11],
    ['livechat', 9],
    ['weibo', 8],
    ['store', 7],
    ['web', 7],
    ['sms', 7],
    ['email', 3],
  ],
  en: [
    ['email', 20],
    ['web', 18],
    ['app', 16],
    ['livechat', 14],
    ['call', 12],
    ['sms', 8],
    ['store', 7],
    ['ecommerce', 4],
    ['weibo', 1],
  ],
}

/** What a machine can notice by itself, and what brings a technician to the house. */
const noticed: readonly Topic[] = ['cooling', 'display', 'trifle']
const serviced: readonly Topic[] = ['cooling', 'display', 'seal', 'trifle']

function drawChannel(draw: Draw, topic: Topic, language: Language, again: number): ChannelName {
  if (noticed.includes(topic) && draw.chance(0.12)) return 'iot'
  if (serviced.includes(topic) && draw.chance(again > 0 ? 0.4 : 0.06)) return 'field-service'
  return draw.weighted(people[language])
}

const starsOf: Readonly<Record<Topic, readonly [low: number, high: number]>> = {
  cooling: [1, 2],
  display: [1, 2],
  seal: [2, 3],
  heat: [2, 3],
  danger: [1, 1],
  praise: [4, 5],
  question: [3, 5],
  trifle: [3, 4],
}

/** Lets somebody say something: who, where, in which words and through which channel. */
export function writeMessage(
  seed: number,
  number: number,
  { at, topic, again }: Occasion,
  unit: Unit | undefined,
): Message {
  const label = unit === undefined ? `older/${number}` : `${unit.serial}/${topic}/${again}`
  const draw = drawFrom(seed, `message/${label}`)
  const place = unit?.place ?? drawPlace(draw)
  const model = unit?.model ?? drawModel(draw)
  // Some who live in China write English.
  const language = place.language === 'zh' && draw.chance(0.06) ? 'en' : place.language
  const channel = drawChannel(draw, topic, language, again)
  const code = draw.chance(0.7) || channel === 'iot' ? drawCode(draw, topic) : undefined
  const saying = { topic, language, again, place, code: code ?? drawCode(draw, topic), litres: model.litres }
  const [low, high] = starsOf[topic]
  return {
    ...{ number, at, channel, topic, language, unit, model, place, code, draw },
    words: sentence(seed, label, saying),
    stars: draw.whole(low, high),
  }
}
