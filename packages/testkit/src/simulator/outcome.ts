import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SimulatorAnswer, SimulatorRequest } from './exchange.js'
import type { SimulatorFault } from './fault-kinds.js'
import type { SimulatedSystem } from './simulated-system.js'

/** The answer, its body perhaps cut off in the middle; or the connection is cut, or nothing ever comes. */
export type Outcome = { readonly answer: SimulatorAnswer; readonly truncated?: boolean } | 'cut' | 'silence'

const page = (title: string): string => `<!DOCTYPE html><html><head><title>${title}</title></head></html>`
const html = (status: number, title: string): SimulatorAnswer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  text: page(title),
})

const laterPlease = (answer: SimulatorAnswer): SimulatorAnswer => ({
  ...answer,
  headers: { 'retry-after': '1', ...answer.headers },
})

/** Does what is asked, unless the fault forbids it, and spoils the answer where the fault says so. */
export function outcomeOf(
  system: SimulatedSystem,
  request: SimulatorRequest,
  fault: SimulatorFault | undefined,
): Outcome {
  switch (fault) {
    case '401':
    case '403':
    case '404':
    case '409':
    case '412':
    case '428':
    case '500':
    case '503':
      return { answer: system.problem(Number(fault), request) }
    case '429':
      return { answer: laterPlease(system.problem(429, request)) }
    case 'timeout-before-work':
      return 'silence'
    case 'cut-before':
      return 'cut'
    case 'html-instead-of-json':
      return { answer: html(200, 'Logon') }
    default:
      return spoilt(system.handle(request), fault)
  }
}

function spoilt(answer: SimulatorAnswer, fault: SimulatorFault | undefined): Outcome {
  const { headers, text = '' } = answer
  switch (fault) {
    case 'timeout-after-work':
      return 'silence'
    case 'cut-after':
      return 'cut'
    case 'error-after-work':
      return { answer: html(504, 'Gateway Time-out') }
    case 'wrong-content-type':
      return { answer: { ...answer, headers: { ...headers, 'content-type': 'text/plain' } } }
    case 'truncated':
      return text === '' ? 'cut' : { answer, truncated: true }
    case 'half-json':
      return { answer: { ...answer, text: text.slice(0, Math.floor(text.length / 2)) } }
    default:
      return { answer }
  }
}

/** After a time-out the connection stays open and silent until its caller or the simulator gives up. */
export function send(request: IncomingMessage, response: ServerResponse, outcome: Outcome): void {
  if (outcome === 'silence') return
  if (outcome === 'cut') {
    request.socket.destroy()
    return
  }
  const { status, headers = {}, text = '' } = outcome.answer
  const length = Buffer.byteLength(text)
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  if (status !== 204) response.setHeader('content-length', length)
  response.writeHead(status)
  if (outcome.truncated !== true) {
    response.end(text)
    return
  }
  // Cut only when the half is on the wire, or the caller would see no answer at all.
  response.write(Buffer.from(text).subarray(0, Math.floor(length / 2)), () => request.socket.destroy())
}
