import { type Draw, drawFrom, type Some } from '../random.js'
import type { Topic } from '../world/failures.js'
import type { Language, Place } from '../world/places.js'
import { english } from './phrases-en.js'
import { chinese } from './phrases-zh.js'

/** Sentences by topic, for the first time something is said and for later ones. */
export type Phrases = Readonly<Record<Topic, { readonly first: Some<string>; readonly again: Some<string> }>>

const phrases: Readonly<Record<Language, Phrases>> = { zh: chinese, en: english }
const weekdays: Readonly<Record<Language, Some<string>>> = {
  zh: ['二', '三', '四', '五', '六'],
  en: ['Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
}

/** A fault code that the appliance shows for a topic; none for what it cannot know. */
export function drawCode(draw: Draw, topic: Topic): string | undefined {
  if (topic === 'cooling') return draw.pick(['E-COOL-01', 'E-COOL-02'])
  if (topic === 'display') return draw.pick(['E-DISP-01', 'E-DISP-03'])
  return undefined
}

export interface Saying {
  readonly topic: Topic
  readonly language: Language
  readonly again: number
  readonly place: Place
  readonly code: string | undefined
  readonly litres: number
}

/** One customer's sentence, the same for the same seed and label. */
export function sentence(seed: number, label: string, saying: Saying): string {
  const { topic, language, again, place, code, litres } = saying
  const draw = drawFrom(seed, `words/${label}`)
  const { first, again: later } = phrases[language][topic]
  const values: Readonly<Record<string, string>> = {
    low: String(draw.whole(1, 3)),
    high: String(draw.whole(8, 11)),
    heat: String(draw.whole(46, 58)),
    code: code ?? '',
    city: place.city,
    litres: String(litres),
    weekday: draw.pick(weekdays[language]),
  }
  return draw
    .pick(again > 0 ? later : first)
    .replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}
