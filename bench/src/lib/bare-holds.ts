import { Agent } from 'node:http'
import axios from 'axios'
import type { S4HanaCounts } from './s4hana-process.ts'

type Recorded = S4HanaCounts['recorded'][number]

/** Requests of one hold: look-up, batch, record, change with its read-back. */
export const requestsPerHold = 4
/** What axios and the session set anew. */
const ownHeaders: ReadonlySet<string> = new Set([
  ...['host', 'connection', 'content-length', 'accept-encoding', 'cookie', 'x-csrf-token'],
])

interface Session {
  readonly token: string
  readonly cookie: string
}

/** What the bare client sends, ready: everything that can be known before is known before. */
interface Ready {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly data: string | undefined
  readonly service: string
}

function readyOf({ method, target, rawHeaders, text }: Recorded): Ready {
  const headers: Record<string, string> = {}
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    if (!ownHeaders.has(name)) headers[name] = rawHeaders[index + 1] ?? ''
  }
  const service = target.startsWith('/sap/opu/odata4/') ? 'notifications' : 'batches'
  return { method, path: target, headers, data: text === '' ? undefined : text, service }
}

/**
 * Holds by axios alone: the same requests, byte by byte, in the same order over as many connections, and nothing
 * beside them. The only things it reads are what no client can do without: the token and the cookies of a service, once,
 * and the batch's ETag.
 */
export async function bareHolds(
  url: string,
  recorded: readonly Recorded[],
  connections: number,
): Promise<(index: number) => Promise<void>> {
  const client = axios.create({
    baseURL: url,
    httpAgent: new Agent({ keepAlive: true, maxSockets: connections }),
    proxy: false,
  })
  const ready = recorded.map(readyOf)
  const sessions: Record<string, Session> = {}
  for (const { service, path, headers } of ready.slice(0, 2)) {
    const reply = await client.get<unknown>(path, { headers: { ...headers, 'x-csrf-token': 'Fetch' } })
    const cookies = reply.headers['set-cookie'] ?? []
    sessions[service] = {
      token: String(reply.headers['x-csrf-token']),
      cookie: cookies.map((line) => line.split(';')[0]).join('; '),
    }
  }
  const send = ({ method, path, headers, data, service }: Ready): Promise<{ readonly data: unknown }> => {
    const { token, cookie } = sessions[service] ?? { token: '', cookie: '' }
    const session = method === 'GET' ? { cookie } : { cookie, 'x-csrf-token': token }
    return client.request<unknown>({
      ...{ method, url: path, headers: { ...headers, ...session } },
      ...(data !== undefined && { data }),
    })
  }
  return async (index) => {
    const [lookUp, read, record, change] = ready.slice(index * requestsPerHold, (index + 1) * requestsPerHold)
    if (lookUp === undefined || read === undefined || record === undefined || change === undefined)
      throw new RangeError(`hold ${index} was not recorded`)
    await send(lookUp)
    const found = (await send(read)).data as { d: { results: { __metadata: { etag: string } }[] } }
    await send(record)
    const etag = found.d.results[0]?.__metadata.etag ?? ''
    await send({ ...change, data: change.data?.replace(/if-match: .*/, `if-match: ${etag}`) })
  }
}
