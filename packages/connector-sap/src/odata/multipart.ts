import type { JsonValue } from '@andon/core/connector'

/** One request of a `$batch`, relative to the service. */
export interface PartRequest {
  readonly method: 'GET' | 'PATCH' | 'POST'
  /** Without `/` at the beginning: SAP Gateway reads it relative to the service. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One answer of a `$batch`. */
export interface PartReply {
  readonly status: number
  /** Lower case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonValue | undefined
  readonly text: string
}

const newline = '\r\n'

function httpPart({ method, path, headers = {}, body }: PartRequest): string {
  const lines = Object.entries({ accept: 'application/json', ...headers }).map(
    ([key, value]) => `${key}: ${value}`,
  )
  const head = [`${method} ${path} HTTP/1.1`, ...lines].join(newline)
  return `${head}${newline}${newline}${body ?? ''}${newline}`
}

const wrapper = `content-type: application/http${newline}content-transfer-encoding: binary${newline}`

/** A boundary that stands nowhere in the parts. */
function boundaryFor(kind: string, parts: readonly string[]): string {
  let boundary = `${kind}_andon`
  while (parts.some((part) => part.includes(boundary))) boundary += '_'
  return boundary
}

/** A change set of one write, then reads: the reads see what the write has done. */
export function batchBody(
  write: PartRequest,
  reads: readonly PartRequest[],
): { readonly contentType: string; readonly body: string } {
  const change = `${wrapper}content-id: 1${newline}${newline}${httpPart(write)}`
  const gets = reads.map((read) => `${wrapper}${newline}${httpPart(read)}`)
  const changeSet = boundaryFor('changeset', [change, ...gets])
  const batch = boundaryFor('batch', [change, ...gets])
  const parts = [
    [
      `content-type: multipart/mixed; boundary=${changeSet}${newline}`,
      `--${changeSet}`,
      change,
      `--${changeSet}--${newline}`,
    ].join(newline),
    ...gets,
  ]
  const body = `${parts.map((part) => `--${batch}${newline}${part}`).join('')}--${batch}--${newline}`
  return { contentType: `multipart/mixed; boundary=${batch}`, body }
}

const boundaryOf = (contentType: string): string | undefined => {
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  return quoted ?? bare
}

interface Section {
  readonly headers: Readonly<Record<string, string>>
  readonly rest: string
}

function sectionOf(text: string): Section {
  const end = /\r?\n\r?\n/.exec(text)
  const head = end === null ? text : text.slice(0, end.index)
  const headers: Record<string, string> = {}
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { headers, rest: end === null ? '' : text.slice(end.index + end[0].length) }
}

/** The parts between boundaries; undefined when the last one is missing: then something was cut off. */
function split(text: string, boundary: string): readonly string[] | undefined {
  const pieces = `\n${text}`.split(`\n--${boundary}`)
  const last = pieces.at(-1)
  if (pieces.length < 2 || last?.startsWith('--') !== true) return undefined
  return pieces.slice(1, -1).map((piece) => piece.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, ''))
}

function httpReply(text: string): PartReply | undefined {
  const [, status] = /^\s*HTTP\/1\.\d (\d{3})[^\n]*\n/.exec(text) ?? []
  if (status === undefined) return undefined
  const { headers, rest } = sectionOf(text.replace(/^\s*HTTP[^\n]*\n/, ''))
  const content = rest.trim()
  return { status: Number(status), headers, body: jsonOrNothing(content), text: content }
}

function jsonOrNothing(text: string): JsonValue | undefined {
  // A 204, as most changes have it: an exception for each would cost more than all the other parts.
  if (text === '') return undefined
  try {
    const value: JsonValue = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

/** The answers of a `$batch` in order, those of a change set in its place; undefined when the body is not whole. */
export function batchReplies(contentType: string, body: string): readonly PartReply[] | undefined {
  const boundary = boundaryOf(contentType)
  const parts = boundary === undefined ? undefined : split(body, boundary)
  if (parts === undefined) return undefined
  const replies: PartReply[] = []
  for (const part of parts) {
    const { headers, rest } = sectionOf(part)
    const type = headers['content-type'] ?? ''
    const inner = /^multipart\//i.test(type) ? batchReplies(type, rest) : [httpReply(rest)]
    if (inner === undefined) return undefined
    for (const reply of inner) {
      if (reply === undefined) return undefined
      replies.push(reply)
    }
  }
  return replies
}
