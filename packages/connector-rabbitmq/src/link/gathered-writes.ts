import { Writable } from 'node:stream'
import type { ChannelModel } from 'amqplib'

/**
 * amqplib gives each frame to its socket by itself, which is a call of the operating system for each message. From now on
 * what it writes in one turn of the event loop goes in one call.
 */
export function gatherWrites(model: ChannelModel): void {
  const socket: unknown = Reflect.get(model.connection, 'stream')
  // Where another version of amqplib keeps it elsewhere, it is slower, and works.
  if (!(socket instanceof Writable)) return
  const write = socket.write.bind(socket)
  const gathered = (...frame: Parameters<typeof write>): boolean => {
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(() => socket.uncork())
    }
    return write(...frame)
  }
  Object.assign(socket, { write: gathered })
}
