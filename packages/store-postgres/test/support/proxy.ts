import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** What may happen to a piece of a connection on its way. */
export type Fate = 'pass' | 'cut before' | 'cut after'

export interface CuttingProxy {
  /** The address with the proxy in between. */
  readonly url: string
  /** Asked for everything that clients send. */
  onSent: (bytes: Buffer) => Fate
  /** Breaks all connections. */
  cut(): void
  /** Takes no new connections while true. */
  refuse: boolean
  close(): Promise<void>
}

/** Stands between a store and its server, and breaks connections at the moments that a test chooses. */
export async function proxyTo(url: string): Promise<CuttingProxy> {
  const to = new URL(url)
  const sockets = new Set<Socket>()
  const end = (...some: readonly Socket[]): void => {
    for (const socket of some) socket.destroy()
  }
  const server = createServer((client) => {
    if (proxy.refuse) return end(client)
    const upstream = connect(Number(to.port || 5432), to.hostname)
    for (const [from, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => end(client, upstream))
      from.on('close', () => {
        sockets.delete(from)
        other.destroy()
      })
    }
    client.on('data', (bytes) => {
      const fate = proxy.onSent(bytes)
      if (fate === 'cut before') return end(client, upstream)
      // The server does it, and nobody hears the answer.
      if (fate === 'cut after') {
        const tag = bytes.includes('COMMIT') ? 'COMMIT' : 'SELECT'
        upstream.removeAllListeners('data')
        upstream.on('data', (answer) => {
          if (!answer.includes(tag)) return
          end(...(proxy.refuse ? sockets : [client, upstream]))
        })
      }
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => client.write(bytes))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  const proxy: CuttingProxy = {
    url: through.href,
    onSent: () => 'pass',
    refuse: false,
    cut: () => end(...sockets),
    async close() {
      end(...sockets)
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}
