import type { ChannelName } from '@andon/core/feedback'
import type { Draw } from '../random.js'
import type { Topic } from '../world/failures.js'
import type { Language, Place } from '../world/places.js'
import type { Model } from '../world/products.js'
import type { Unit } from '../world/unit.js'

/** What a customer, a technician, a shop or a machine is about to send. */
export interface Message {
  /** Numbered from 1; ids of the platforms are made from it. */
  readonly number: number
  readonly at: number
  readonly channel: ChannelName
  readonly topic: Topic
  readonly language: Language
  readonly words: string
  /** The refrigerator of this plant that it is about; older ones are in nobody's records. */
  readonly unit: Unit | undefined
  readonly model: Model
  readonly place: Place
  /** Shown on the appliance. */
  readonly code: string | undefined
  /** 1 to 5 stars. */
  readonly stars: number
  /** For whatever else the payload needs. */
  readonly draw: Draw
}

/** A payload as the platform sends it. */
export interface Payload {
  readonly body: string
  readonly contentType: string
}

export const json = (value: unknown): Payload => ({
  body: JSON.stringify(value),
  contentType: 'application/json',
})

/** The prefix and the message's number, as wide as such ids are on the platform. */
export const idOf = ({ number }: Message, prefix: string, width = 6): string =>
  `${prefix}${String(number).padStart(width, '0')}`

/** The words with what people read off the sticker inside the door. */
export function withSticker({ words, unit, model, language, draw }: Message): string {
  if (unit === undefined) return draw.chance(0.4) ? `${words} ${model.model}` : words
  return language === 'zh'
    ? `${words}。型号：${model.model}，序列号：${unit.serial}`
    : `${words} Model: ${model.model}, serial number: ${unit.serial}`
}
