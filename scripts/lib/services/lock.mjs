import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Takes a lock of this machine, which the kernel frees when its holder ends, however it ends. Only Linux has such
 * locks; elsewhere Docker is what starts servers, and it takes care of itself.
 *
 * @param {string} name
 * @returns {Promise<(() => void) | undefined>} how to free it; undefined when someone else holds it
 */
export function tryLock(name) {
  if (process.platform !== 'linux') {
    return Promise.resolve(() => undefined)
  }
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.unref()
    server.once('error', (error) =>
      'code' in error && error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(`\0andon-services ${name}`, () => resolve(() => server.close()))
  })
}

/**
 * Does some work alone, after whoever does the same now.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(name, work) {
  let free = await tryLock(name)
  while (free === undefined) {
    await sleep(50)
    free = await tryLock(name)
  }
  try {
    return await work()
  } finally {
    free()
  }
}
