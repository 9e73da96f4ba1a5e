import { jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from '../../simulator/exchange.js'
import { SalesforceRefusal } from '../refusal.js'
import { bodyOf, objectOf, refusedAnswer } from './answers.js'

const mostParts = 25

interface Part {
  readonly body: unknown
  readonly httpHeaders: Readonly<Record<string, unknown>>
  readonly httpStatusCode: number
  readonly referenceId: string
}

/**
 * `composite`: up to 25 requests in one, one after the other; a part may use what an earlier one answered by
 * `@{reference.field}`. With `allOrNone` parts that write would have to be undone together: that is refused here.
 */
export function compositeRoute(handle: (request: SimulatorRequest) => SimulatorAnswer) {
  return (request: SimulatorRequest): SimulatorAnswer => {
    const { allOrNone, compositeRequest } = bodyOf(request)
    if (!Array.isArray(compositeRequest) || compositeRequest.length === 0) {
      throw new SalesforceRefusal('JSON_PARSER_ERROR', 'compositeRequest is required')
    }
    if (compositeRequest.length > mostParts) {
      throw new SalesforceRefusal('LIMIT_EXCEEDED', `Limit exceeded: more than ${mostParts} subrequests`)
    }
    if (allOrNone === true && compositeRequest.length > 1) {
      throw new SalesforceRefusal(
        'NOT_IMPLEMENTED',
        'the simulator does several parts only without allOrNone',
        [],
        501,
      )
    }
    const done = new Map<string, unknown>()
    const parts = compositeRequest.map((given): Part => {
      const { method, url, referenceId, body, httpHeaders } = objectOf(given)
      if (typeof method !== 'string' || typeof url !== 'string' || typeof referenceId !== 'string') {
        throw new SalesforceRefusal('JSON_PARSER_ERROR', 'method, url and referenceId are required')
      }
      const [path = '', query = ''] = filled(url, done).split('?')
      const own = Object.entries(objectOf(httpHeaders ?? {})).map(([name, value]) => [
        name.toLowerCase(),
        String(value),
      ])
      const answer = answerOf(() =>
        handle({
          ...request,
          ...{ method, path, query: new URLSearchParams(query) },
          headers: { ...request.headers, ...Object.fromEntries(own) },
          text: body === undefined ? '' : filled(JSON.stringify(body), done),
        }),
      )
      const answered: unknown =
        answer.text === undefined || answer.text === '' ? null : JSON.parse(answer.text)
      done.set(referenceId, answered)
      return { body: answered, httpHeaders: {}, httpStatusCode: answer.status, referenceId }
    })
    return jsonAnswer(200, { compositeResponse: parts })
  }
}

/** A part that is refused does not keep the others from being done. */
function answerOf(work: () => SimulatorAnswer): SimulatorAnswer {
  try {
    return work()
  } catch (error) {
    if (error instanceof SalesforceRefusal) return refusedAnswer(error)
    throw error
  }
}

/** Puts in what earlier parts answered: `@{reference.field}`, `@{reference[0].id}`. */
function filled(text: string, done: ReadonlyMap<string, unknown>): string {
  return text.replace(/@\{([\w-]+)((?:\[\d+\]|\.\w+)*)\}/g, (_, reference: string, path: string) => {
    let value = done.get(reference)
    for (const [, index, name] of path.matchAll(/\[(\d+)\]|\.(\w+)/g)) {
      value =
        typeof value === 'object' && value !== null ? Reflect.get(value, index ?? name ?? '') : undefined
    }
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return String(value)
    throw new SalesforceRefusal('PROCESSING_HALTED', `Invalid reference specified: ${reference}${path}`)
  })
}
