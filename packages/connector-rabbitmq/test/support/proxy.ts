import { connect, createServer, type Socket } from 'node:net'

/** A network between us and the broker that a test can cut. */
export interface Network {
  /** The broker's URL by way of the proxy. */
  readonly url: string
  /** Breaks all connections; new ones are taken. */
  cut(): void
  /** True: nothing gets through any more in either direction, and no connection breaks. */
  stall(stalled: boolean): void
  close(): Promise<void>
}

export async function startProxy(url: string): Promise<Network> {
  const { hostname, port } = new URL(url)
  const pairs = new Set<readonly [Socket, Socket]>()
  let isStalled = false
  const server = createServer((near) => {
    const far = connect({ host: hostname, port: Number(port) || 5672 })
    const pair = [near, far] as const
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end)
    near.pipe(far)
    far.pipe(near)
    if (isStalled) hold(pair)
  })
  const hold = ([near, far]: readonly [Socket, Socket]): void => {
    near.unpipe(far).pause()
    far.unpipe(near).pause()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const own = new URL(url)
  own.hostname = '127.0.0.1'
  own.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  const cut = (): void => {
    for (const [near] of [...pairs]) near.destroy()
  }
  return {
    url: own.href,
    cut,
    stall(stalled) {
      isStalled = stalled
      for (const pair of pairs) {
        if (stalled) hold(pair)
        else {
          pair[0].pipe(pair[1])
          pair[1].pipe(pair[0])
        }
      }
    },
    async close() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
