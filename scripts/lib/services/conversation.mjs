import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** Longer answers than this come from something else than the servers that are asked. */
const most = 1 << 20

/**
 * A connection on which one side speaks and then waits for a number of bytes. Whatever goes wrong, and silence for too
 * long, rejects the next read.
 */
export class Conversation {
  /** @type {Buffer} */
  #received = Buffer.alloc(0)
  /** @type {Error | undefined} */
  #failure
  #wake = () => {}
  /** @type {import('node:net').Socket} */
  #socket

  /**
   * @param {import('node:net').Socket} socket
   * @param {number} timeout milliseconds without a byte
   */
  constructor(socket, timeout) {
    this.#socket = socket
    socket
      .setTimeout(timeout, () => this.#fail(new Error(`no answer for ${timeout} ms`)))
      .on('error', (error) => this.#fail(error))
      .on('close', () => this.#fail(new Error('the connection was closed')))
      .on('data', (chunk) => {
        this.#received = Buffer.concat([this.#received, chunk])
        this.#wake()
      })
  }

  /** @param {Buffer | string} bytes */
  send(bytes) {
    this.#socket.write(bytes)
  }

  /** @param {number} length @returns {Promise<Buffer>} */
  async read(length) {
    if (length > most) {
      throw new Error('the answer is not of the protocol')
    }
    while (this.#received.length < length) {
      if (this.#failure !== undefined) {
        throw this.#failure
      }
      await new Promise((resolve) => {
        this.#wake = () => resolve(undefined)
      })
    }
    const read = this.#received.subarray(0, length)
    this.#received = this.#received.subarray(length)
    return read
  }

  /** @param {Error} error */
  #fail(error) {
    this.#failure ??= error
    this.#socket.destroy()
    this.#wake()
  }
}

/**
 * @template T
 * @param {{ readonly host: string, readonly port: number, readonly tls?: boolean }} place
 * @param {number} timeout milliseconds
 * @param {(conversation: Conversation) => Promise<T>} talk
 * @returns {Promise<T>}
 */
export async function converse({ host, port, tls = false }, timeout, talk) {
  const socket = tls ? connectTls({ host, port, servername: host }) : connect({ host, port })
  try {
    return await talk(new Conversation(socket, timeout))
  } finally {
    socket.destroy()
  }
}
