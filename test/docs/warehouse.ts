import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import * as z from 'zod'

type Fault = 'unavailable' | 'timeout-after-work' | 'lost-answer'

const bodySchema = z.looseObject({ batch: z.string() })

export interface Warehouse {
  readonly url: string
  holdsOf(actionId: string): number
  releasesOf(actionId: string): number
  keptOf(actionId: string): string
  failNext(fault: Fault): void
  stop(): Promise<void>
}

/**
 * The warehouse that docs/writing-a-connector.md speaks of: PUT on holds and releases, once per id; GET on batches
 * tells how one stands.
 */
export async function startWarehouse(): Promise<Warehouse> {
  /** `holds/<id>` or `releases/<id>` → the body as it came. */
  const kept = new Map<string, string>()
  const faults: Fault[] = []

  function tell(path: string, response: ServerResponse): void {
    const batch = decodeURIComponent(path.replace('batches/', ''))
    const holds = [...kept].filter(([key, body]) => key.startsWith('holds/') && body.includes(`"${batch}"`))
    const held = holds.some(([key]) => !kept.has(key.replace('holds/', 'releases/')))
    if (batch.startsWith('B-')) response.end(JSON.stringify({ batch, held }))
    else response.writeHead(404).end()
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').slice(1)
    if (path === 'health') return void response.end()
    if (request.method === 'GET') return tell(path, response)
    const body = await text(request)
    const { batch } = bodySchema.parse(JSON.parse(body))
    const there = kept.has(path)
    const fault = there ? undefined : faults.shift()
    if (fault === 'unavailable') return void response.writeHead(503).end()
    if (batch === 'no such batch') return void response.writeHead(404).end()
    kept.set(path, body)
    if (fault === 'lost-answer') return void request.socket.destroy()
    if (fault === 'timeout-after-work') return
    const status = path.startsWith('holds/') ? 'held' : 'released'
    response.writeHead(there ? 200 : 201).end(JSON.stringify({ id: path, batch, status }))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(400).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const count = (path: string): number => (kept.has(path) ? 1 : 0)
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`,
    holdsOf: (id) => count(`holds/${encodeURIComponent(id)}`),
    releasesOf: (id) => count(`releases/${encodeURIComponent(id)}`),
    keptOf: (id) => kept.get(`holds/${encodeURIComponent(id)}`) ?? '',
    failNext: (fault) => {
      faults.push(fault)
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
