import type { IncomingHttpHeaders } from 'node:http'

/** One request as a simulated system sees it. */
export interface SimulatorRequest {
  readonly method: string
  /** Without the query, percent-encoded as it came. */
  readonly path: string
  readonly query: URLSearchParams
  /** Names in small letters. */
  readonly headers: IncomingHttpHeaders
  /** The body; '' when there is none. */
  readonly text: string
  /** Epoch ms of the simulator's clock. */
  readonly at: number
}

/** What a simulated system answers. */
export interface SimulatorAnswer {
  readonly status: number
  /** A list for a header that comes several times, e.g. `set-cookie`. `content-length` is added. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly text?: string
}

/** An answer in JSON. */
export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: SimulatorAnswer['headers'] = {},
): SimulatorAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  text: JSON.stringify(body),
})

/** A header that came once; undefined when it did not come, or came as a list. */
export function headerOf({ headers }: SimulatorRequest, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

/** The value of a cookie that the request carries. */
export function cookieOf(request: SimulatorRequest, name: string): string | undefined {
  for (const pair of (headerOf(request, 'cookie') ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}
