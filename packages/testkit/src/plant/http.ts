import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Localized } from '@andon/core/connector'
import type { PlantAnswer } from './handle.js'

const mostBytes = 1_000_000

/** The body's text, or undefined when it is larger than 1 MB. */
export async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    size += part.length
    if (size > mostBytes) return undefined
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString('utf8')
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
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}

/** An answer that the plant's rules have no part in. */
export const plainAnswer = (status: number, code: string, message: Localized): PlantAnswer => ({
  status,
  body: { code, message },
  changed: false,
  replayed: false,
})

const isLocalized = (value: unknown): value is Localized =>
  typeof value === 'object' && value !== null && 'en' in value && 'zh' in value

/** Messages are in the language that the caller asked for. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: PlantAnswer): void {
  const locale = request.headers['accept-language']?.startsWith('zh') === true ? 'zh' : 'en'
  const message: unknown = 'message' in answer.body ? answer.body.message : undefined
  const shown = isLocalized(message) ? { ...answer.body, message: message[locale] } : answer.body
  const text = JSON.stringify(shown)
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...(answer.replayed && { 'idempotent-replay': 'true' }),
    ...(answer.status === 429 && { 'retry-after': '1' }),
  })
  response.end(text)
}
