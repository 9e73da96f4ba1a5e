import type { Phrases } from './phrases.js'

/** What customers say in English. `{low}` and the like are filled in per message. */
export const english: Phrases = {
  cooling: {
    first: [
      'The fridge swings between {low} and {high} °C at night and shows {code}. The milk was off this morning.',
      'Every night it stops cooling: {high} °C at 3 am, back to {low} °C by breakfast. Display says {code}.',
      'Not cooling overnight, temperature swings between {low} and {high} °C. Error {code}.',
      'Brand new and already {code}. It was {high} °C inside when I got up, {low} °C at noon.',
      'Compressor clicks all night and the fridge is not cooling, between {low} and {high} °C.',
      'The app woke us up: temperature swings between {low} and {high} °C at night, code {code}.',
    ],
    again: [
      'Same again last night: between {low} and {high} °C, {code}. When will somebody come?',
      'Second report. Still not cooling at night, {code}.',
    ],
  },
  display: {
    first: [
      'The display went dark, buttons do nothing, {code}',
      'Display flickers for a few seconds and then stays black.',
      'The display shows garbage instead of the temperature, {code}.',
      'Touch display is dead, I cannot set the temperature.',
    ],
    again: [
      'The display is still black and nobody called back.',
      'Display repaired and black again, {code}.',
    ],
  },
  seal: {
    first: [
      'The door seal gapes at the lower right corner, there is condensation on the edge.',
      'Door seal does not sit flush: a sheet of paper falls straight out.',
      'The corner of the door seal has shrunk and leaves a gap, frost every morning.',
      'I must press the door seal by hand or the door springs open.',
    ],
    again: ['The door seal still gapes, a hair dryer did not help.'],
  },
  heat: {
    first: [
      'The side panels get hot to the touch, about {heat} °C. Is that normal?',
      'Since the weather turned the casing is hot to the touch and it runs all day.',
      'Side walls hot to the touch in {city}, roughly {heat} °C.',
    ],
    again: ['Side panels still hot to the touch, please answer.'],
  },
  danger: {
    first: [
      'Smoke came out of the back of the fridge, I pulled the plug. This is dangerous!',
      'I got an electric shock when touching the door handle. We have small children!',
      'There were sparks at the plug and it smells charred.',
    ],
    again: ['Nobody reacted to the electric shock I reported.'],
  },
  praise: {
    first: [
      'Great fridge, quiet and roomy. Very happy.',
      'Cools quickly, delivery team was excellent.',
      'Looks perfect in the kitchen, love the drawers.',
      'One week in and very satisfied, {litres} litres are plenty.',
      'Thanks for the friendly installation.',
    ],
    again: ['Still happy after a week.'],
  },
  question: {
    first: [
      'How do I connect it to my Wi-Fi?',
      'Question: which temperature do you recommend for the freezer?',
      'How often should the water filter be replaced and where can I order one?',
      'Could you move the installation to {weekday}?',
      'Can I get the invoice in my company’s name?',
      'I would like a timer for the fast freeze mode.',
      'Which shelf fits a 2 litre bottle?',
    ],
    again: ['I asked last week and would like an answer.'],
  },
  trifle: {
    first: [
      'Delivery came two hours late.',
      'Small scratch on the right side, not a big issue.',
      'One ice tray was missing, could you send it?',
      'The manual is rather short and the print is tiny.',
      'A little noise when it starts, gone after a minute.',
      'The app sends too many notifications.',
      'The interior light is a bit dim.',
      'Top drawer is somewhat stiff.',
    ],
    again: ['The ice tray has not arrived yet.'],
  },
}
