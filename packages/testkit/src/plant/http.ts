import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Localized } from '@andon/core/connector'
import type { PlantAnswer } from './handle.js'

const mostBytes = 1_000_000

/** Hands on the body's text, or undefined when it is larger than 1 MB; nothing when the caller hangs up before its end. */
export function readText(request: IncomingMessage, done: (text: string | undefined) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    const before = size
    size += chunk.length
    if (size <= mostBytes) chunks.push(chunk)
    else if (before <= mostBytes) done(undefined)
  })
  request.on('end', () => {
    if (size > mostBytes) return
    const [first] = chunks
    done(first === undefined ? '' : (chunks.length === 1 ? first : Buffer.concat(chunks)).toString('utf8'))
  })
}

/** No body stands for an empty object. */
export function parseBody(text: string): { readonly ok: boolean; readonly body: unknown } {
  if (text === '') return { ok: true, body: {} }
  try {
    return { ok: true, body: JSON.parse(text) }
  } catch {
    return { ok: false, body: undefined }
  }
}

/** The `Idempotency-Key`: percent-encoded where an id has other than ASCII letters. */
export function actionOf(request: IncomingMessage): string | null {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') return null
  if (!key.includes('%')) return key
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/** An answer that the plant's rules have no part in. */
export const plainAnswer = (status: number, code: string, message: Localized): PlantAnswer => ({
  status,
  code,
  message,
})

/** Messages are in the language that the caller asked for. */
function textOf(request: IncomingMessage, answer: PlantAnswer): string {
  if ('text' in answer) return answer.text
  const locale = request.headers['accept-language']?.startsWith('zh') === true ? 'zh' : 'en'
  return JSON.stringify({ code: answer.code, message: answer.message[locale] })
}

export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: PlantAnswer): void {
  const text = textOf(request, answer)
  const headers = [
    ...['content-type', 'application/json; charset=utf-8'],
    ...['content-length', String(Buffer.byteLength(text))],
  ]
  if ('text' in answer && answer.replayed) headers.push('idempotent-replay', 'true')
  if (answer.status === 429) headers.push('retry-after', '1')
  response.writeHead(answer.status, headers)
  response.end(text)
}
