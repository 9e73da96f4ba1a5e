import type { SimulatorAnswer, SimulatorRequest } from './exchange.js'
import { basicOf } from './oauth.js'
import type { Outcome } from './outcome.js'

/** What every client sends, and what is no secret of anybody. */
const ordinary = /^(accept.*|connection|content-.*|host|if-match|traceparent|transfer-encoding|user-agent)$/

/** Where systems say what went wrong: OData V2 and V4, Digital Manufacturing, RFC 9457 and RFC 6749. */
const texts = /^(causeMessage|detail|displayMessage|error_description|message|technicalMessage|value)$/

/** The credentials of a request, as they came and as they can be read: its headers, its Basic pair, its form. */
function saidIn(request: SimulatorRequest): string {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    ordinary.test(name) ? [] : [`${name}: ${String(value)}`],
  )
  const { user, password } = basicOf(request) ?? {}
  const pair = user === undefined ? [] : [`${user}:${password}`]
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  const form = isForm ? [request.text, ...new URLSearchParams(request.text).values()] : []
  return [...headers, ...pair, ...form].join(' | ')
}

/** Its problem texts with the words at their end; a text that says nothing is left. */
function withWords(value: unknown, words: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withWords(one, words))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => {
    const isText = typeof inner === 'string' && inner !== '' && texts.test(key)
    return [key, isText ? `${inner} (${words})` : withWords(inner, words)]
  })
  return Object.fromEntries(entries)
}

function echoed(answer: SimulatorAnswer, words: string): SimulatorAnswer {
  const { text = '' } = answer
  if (text === '') return answer
  try {
    return { ...answer, text: JSON.stringify(withWords(JSON.parse(text), words)) }
  } catch {
    // At its beginning, for of what is no JSON only that is ever looked at.
    return { ...answer, text: `${words}\n${text}` }
  }
}

/** The outcome as a careless gateway tells it: a refusal, and what a fault has made, repeats the credentials. */
export function withEcho(outcome: Outcome, request: SimulatorRequest, hasFault: boolean): Outcome {
  if (typeof outcome === 'string' || (outcome.answer.status < 400 && !hasFault)) return outcome
  const words = saidIn(request)
  return words === '' ? outcome : { ...outcome, answer: echoed(outcome.answer, words) }
}
