import { localTime } from '../calendar.js'
import { idOf, json, type Message, type Payload } from '../customers/message.js'

const asked = {
  zh: {
    greeting: '您好，请问有什么可以帮您？',
    serial: '请提供一下型号和序列号',
    thanks: '好的，已为您登记',
  },
  en: {
    greeting: 'Hello, how can I help you?',
    serial: 'Could I have model and serial number?',
    thanks: 'Noted.',
  },
}

/** The hotline's record of a call, with the transcript of both sides. */
export function writeCall(message: Message): Payload {
  const { at, words, unit, model, language, stars, draw } = message
  const { greeting, serial, thanks } = asked[language]
  const turns: [speaker: string, text: string][] = [
    ['agent', greeting],
    ['customer', words],
  ]
  if (unit !== undefined) {
    const sticker =
      language === 'zh'
        ? `型号${model.model}，序列号${unit.serial}`
        : `Model: ${model.model}, serial number: ${unit.serial}`
    turns.push(['agent', serial], ['customer', sticker])
  }
  turns.push(['agent', thanks])
  let clock = 0
  const transcript = turns.map(([speaker, text]) => {
    const segment = { speaker, start: clock, end: clock + 3 + text.length / 5, text }
    clock = segment.end + 0.4
    return segment
  })
  return json({
    id: idOf(message, 'call-2026-'),
    from:
      language === 'zh'
        ? `138${draw.whole(10_000_000, 99_999_999)}`
        : `+4420${draw.whole(70_000_000, 79_999_999)}`,
    to: '4008001234',
    recordurl: `https://records.example.com/${message.number}.mp3`,
    duration: Math.ceil(clock),
    created_at: localTime(at),
    agent_id: `ag-${draw.whole(10, 40)}`,
    ticket_id: idOf(message, 'T-'),
    satisfaction: stars,
    queue: 'after-sales',
    transcript,
  })
}
