import {
  type Connection,
  ConnectionStatuses,
  NetworkError,
  TimeoutError,
  UnexpectedCorrelationIdError,
} from '@platformatic/kafka'
import { Answer } from '../wire/answer.js'
import { Frames, lengthBytes } from '../wire/frames.js'
import type { Request } from '../wire/request.js'

/** Ours are below zero: the client counts from 1 up. */
const firstId = -0x8000_0000

interface Asked {
  readonly id: number
  readonly request: Request
  /** Of the monotonic clock (ms). */
  readonly deadline: number
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/**
 * Carries our requests to a node over a connection of the client, which connects, encrypts and logs in. What the client
 * does for each request beside sending it costs about as much as all of our own work around it; and what it keeps them
 * in grows new tables for ever, which hold what has long been answered, so that it is promoted to the old generation.
 *
 * Here a request is one write, and what is on its way is a list: a broker answers the requests of one connection in
 * their order. One connection, one line; what the client itself asks over it, to renew its login, goes on as before.
 */
export class NodeLine {
  readonly connection: Connection
  readonly clientId: string
  readonly #socket: Connection['socket']
  /** Who read the socket before: the client. */
  readonly #readers: ReturnType<Connection['socket']['listeners']>
  readonly #frames = new Frames((frame) => this.#answered(frame))
  readonly #sent: Asked[] = []
  /** Not to be sent while the login is being renewed: the broker then hears of nothing else. */
  readonly #held: Asked[] = []
  #nextId = firstId
  #failure: Error | undefined
  #timer: NodeJS.Timeout | undefined
  #wakesAt = Number.POSITIVE_INFINITY

  /** @param connection connected and logged in, with nothing on its way */
  constructor(connection: Connection, clientId: string) {
    this.connection = connection
    this.clientId = clientId
    this.#socket = connection.socket
    this.#readers = this.#socket.listeners('data')
    this.#socket.removeAllListeners('data')
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk))
    this.#socket.once('close', () => this.close())
    // Also when a login cannot be renewed. The client calls that a refusal even where the broker was gone before it
    // could answer; whether it is one shows when we connect anew.
    connection.on('error', () => this.close())
    connection.on('connect', () => {
      for (const asked of this.#held.splice(0)) this.#send(asked)
    })
    if (this.#socket.destroyed) this.close()
  }

  get isOpen(): boolean {
    return this.#failure === undefined
  }

  /**
   * Resolves with the answer, after its header.
   *
   * @param limitMs when nothing has come by then, the line is closed
   * @throws NetworkError or TimeoutError of the client when the line is closed, whatever else was on its way; whether
   *   the broker has heard it is not known then
   */
  ask(request: Request, limitMs: number): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const id = this.#nextId
    this.#nextId = id === -1 ? firstId : id + 1
    const asked: Asked = { id, request, deadline: performance.now() + limitMs, resolve, reject }
    if (this.connection.status === ConnectionStatuses.REAUTHENTICATING) this.#held.push(asked)
    else this.#send(asked)
    this.#watch(asked.deadline)
    return promise
  }

  /** Closes the connection: whatever waits for an answer fails now. */
  close(): void {
    const cause = this.#socket.errored
    this.#fail(new NetworkError('Connection closed', cause === null ? {} : { cause }))
  }

  #send(asked: Asked): void {
    this.#sent.push(asked)
    const pieces = asked.request.pieces(asked.id)
    if (pieces.length > 1) this.#socket.cork()
    for (const piece of pieces) this.#socket.write(piece)
    if (pieces.length > 1) this.#socket.uncork()
  }

  #received(chunk: Buffer): void {
    if (this.#failure !== undefined) return
    try {
      this.#frames.push(chunk)
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #answered(frame: Buffer): void {
    if (this.#failure !== undefined) return
    const id = frame.readInt32BE(lengthBytes)
    if (id >= 0) {
      for (const reader of this.#readers) Reflect.apply(reader, this.#socket, [frame])
      return
    }
    const [oldest] = this.#sent
    if (oldest?.id !== id)
      throw new UnexpectedCorrelationIdError(`An answer to ${id} is not what is waited for`)
    const answer = new Answer(frame, lengthBytes + 4).skipTags()
    this.#sent.shift()
    oldest.resolve(answer)
  }

  /** One timer, for the first deadline; set anew only when it has passed. */
  #watch(deadline: number): void {
    if (deadline >= this.#wakesAt) return
    clearTimeout(this.#timer)
    this.#wakesAt = deadline
    this.#timer = setTimeout(() => this.#look(), Math.max(1, deadline - performance.now()))
    this.#timer.unref()
  }

  #look(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY
    const first = [...this.#sent, ...this.#held].reduce(
      (least, { deadline }) => Math.min(least, deadline),
      Number.POSITIVE_INFINITY,
    )
    if (first <= performance.now()) this.#fail(new TimeoutError('Request timed out', { canRetry: true }))
    else this.#watch(first)
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    clearTimeout(this.#timer)
    // It ends the client's timer for the next login, too; and it waits until all is written, which may be never.
    // What goes wrong with that is no news: whoever waits hears of the failure itself.
    this.connection.close().catch(() => undefined)
    this.#socket.destroy()
    for (const { reject } of [...this.#sent.splice(0), ...this.#held.splice(0)]) reject(error)
  }
}
