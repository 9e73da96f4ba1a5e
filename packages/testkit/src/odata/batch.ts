import { randomBytes } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { SimulatorAnswer } from '../simulator/exchange.js'
import type { ODataRequest, ServiceContext } from './odata-request.js'
import { ODataProblem } from './problem.js'
import { versionHeader } from './read.js'

interface Part {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const malformed = (what: string): ODataProblem =>
  new ODataProblem(400, '/IWFND/CM_MGW/BATCH', `Malformed batch: ${what}`)

function boundaryOf(contentType: string | undefined): string {
  const [, quoted, plain] =
    /^multipart\/mixed\s*;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '') ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw new ODataProblem(415, '/IWFND/CM_MGW/415', 'multipart/mixed is needed')
  return boundary
}

/** Headers and what follows the first empty line; lines end with CRLF, and LF is taken too. */
function headed(text: string): Part {
  const match = /\r?\n\r?\n/.exec(text)
  const [head, body] =
    match === null ? [text, ''] : [text.slice(0, match.index), text.slice(match.index + match[0].length)]
  const lines = head.split(/\r?\n/).filter((line) => line !== '')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    if (colon < 1) throw malformed(`header "${line}"`)
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { headers: Object.fromEntries(headers), body }
}

function partsOf(text: string, boundary: string): readonly Part[] {
  const [, ...after] = `\n${text}`.split(`\n--${boundary}`)
  const last = after.pop()
  if (last === undefined || !last.startsWith('--')) throw malformed('the last boundary is missing')
  // The line break before a boundary belongs to the boundary; the one after it ends its line.
  return after.map((piece) => headed(piece.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, '')))
}

/** The request that is written inside of a part. */
function requestIn({ headers, body }: Part, outer: ODataRequest, root: string): ODataRequest {
  if (!/^application\/http\b/i.test(headers['content-type'] ?? ''))
    throw malformed('application/http is needed')
  const at = body.search(/\r?\n/)
  const line = at < 0 ? body : body.slice(0, at)
  const [, method = '', target = ''] = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(line) ?? []
  if (method === '') throw malformed(`request line "${line}"`)
  const inner = headed(at < 0 ? '' : body.slice(at).replace(/^\r?\n/, ''))
  const [pathPart = '', query = ''] = target.split('?', 2)
  const [, path] = /^(?:https?:\/\/[^/]+)?(\/.*)$/.exec(pathPart) ?? []
  if (path !== undefined && !path.startsWith(`${root}/`)) throw malformed(`"${target}" is of another service`)
  return {
    method,
    path: path === undefined ? pathPart : path.slice(root.length + 1),
    query: new URLSearchParams(query),
    headers: { accept: outer.headers.accept ?? 'application/json', ...inner.headers },
    // By its length where it says one; a line break before the boundary is no part of it.
    text:
      inner.headers['content-length'] === undefined
        ? inner.body.trim()
        : Buffer.from(inner.body).subarray(0, Number(inner.headers['content-length'])).toString('utf8'),
  }
}

function written(
  { status, headers = {}, text = '' }: SimulatorAnswer,
  contentId: string | undefined,
): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one) => `${name}: ${one}`),
  )
  const reason = STATUS_CODES[status] ?? ''
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
    '',
    `HTTP/1.1 ${status} ${reason}`,
    ...lines,
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n')
}

const multipart = (boundary: string, parts: readonly string[]): string =>
  `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`

/** What takes a change set back; its answer is the only one that the change set has. */
class Failed extends Error {
  constructor(readonly answer: SimulatorAnswer) {
    super('a change of the set was refused')
  }
}

type Answer = (request: ODataRequest) => SimulatorAnswer

/** All its changes or none: where one is refused, the refusal is the whole answer. */
function changeSet(context: ServiceContext, outer: ODataRequest, part: Part, answer: Answer): string {
  const parts = partsOf(part.body, boundaryOf(part.headers['content-type']))
  try {
    const answers = context.rules.tables.atomically(() =>
      parts.map((one) => {
        const inner = requestIn(one, outer, context.service.root)
        if (inner.method === 'GET') throw malformed('a change set has no GET')
        const given = answer(inner)
        if (given.status >= 400) throw new Failed(given)
        return written(given, one.headers['content-id'])
      }),
    )
    const boundary = `cs_${randomBytes(8).toString('hex')}`
    return `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${multipart(boundary, answers)}`
  } catch (error) {
    if (error instanceof Failed) return written(error.answer, undefined)
    throw error
  }
}

/** Answers a `$batch`: reads by themselves, changes only within change sets, in the order in which they stand. */
export function answerBatch(context: ServiceContext, request: ODataRequest, answer: Answer): SimulatorAnswer {
  const parts = partsOf(request.text, boundaryOf(request.headers['content-type']))
  const answers = parts.map((part) => {
    if (/^multipart\/mixed/i.test(part.headers['content-type'] ?? '')) {
      return changeSet(context, request, part, answer)
    }
    const inner = requestIn(part, request, context.service.root)
    if (context.service.version === 2 && inner.method !== 'GET')
      throw malformed('a change outside of a change set')
    return written(answer(inner), part.headers['content-id'])
  })
  const boundary = `b_${randomBytes(8).toString('hex')}`
  return {
    status: context.service.version === 2 ? 202 : 200,
    headers: { 'content-type': `multipart/mixed; boundary=${boundary}`, ...versionHeader(context) },
    text: multipart(boundary, answers),
  }
}
