import {
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { AndonError } from '@andon/core/errors'

/** How a call ends, as gRPC says it in trailers. */
export interface GrpcStatus {
  /** https://grpc.io/docs/guides/status-codes/ */
  readonly code: number
  readonly message?: string
  /** Salesforce's own trailer `error-code`. */
  readonly errorCode?: string
}

export interface GrpcCall {
  readonly metadata: IncomingHttpHeaders
  readonly open: boolean
  /** False while the other side does not keep up: wait for `whenDrained`. */
  readonly writable: boolean
  send(message: Buffer): void
  /** Half of the message and no more; the connection goes with it. */
  sendHalf(message: Buffer): void
  whenDrained(then: () => void): void
  end(status: GrpcStatus): void
  /** Without trailers. */
  reset(): void
  /** The TCP connection, with all that runs over it. */
  destroyConnection(): void
}

export interface GrpcHandler {
  message(message: Buffer): void
  /** The other side has said all, or is gone. */
  closed(): void
}

export interface GrpcServer {
  readonly port: number
  close(): Promise<void>
}

const framed = (message: Buffer): Buffer => {
  const frame = Buffer.allocUnsafe(5 + message.length)
  frame[0] = 0
  frame.writeUInt32BE(message.length, 1)
  message.copy(frame, 5)
  return frame
}

const trailersOf = ({ code, message, errorCode }: GrpcStatus): Record<string, string> => ({
  'grpc-status': String(code),
  ...(message === undefined ? {} : { 'grpc-message': message.replace(/[^ -$&-~]/g, encodeURIComponent) }),
  ...(errorCode === undefined ? {} : { 'error-code': errorCode }),
})

/** Cuts what comes into messages: a byte for compression, four for the length, the message. */
function unframer(take: (message: Buffer) => void): (chunk: Buffer) => boolean {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 5) {
      if (rest[0] !== 0) return false
      const end = 5 + rest.readUInt32BE(1)
      if (rest.length < end) return true
      const message = rest.subarray(5, end)
      rest = rest.subarray(end)
      take(message)
    }
    return true
  }
}

function callOf(stream: ServerHttp2Stream, metadata: IncomingHttpHeaders): GrpcCall {
  const headers = { ':status': 200, 'content-type': 'application/grpc' }
  let status: GrpcStatus | undefined
  stream.on('wantTrailers', () => {
    if (status !== undefined) stream.sendTrailers(trailersOf(status))
  })
  const isOpen = (): boolean => status === undefined && !stream.destroyed && !stream.closed
  const respond = (): void => {
    if (!stream.headersSent) stream.respond(headers, { waitForTrailers: true })
  }
  return {
    metadata,
    get open() {
      return isOpen()
    },
    get writable() {
      return !stream.writableNeedDrain
    },
    send(message) {
      if (!isOpen()) return
      respond()
      stream.write(framed(message))
    },
    sendHalf(message) {
      if (!isOpen()) return
      respond()
      const frame = framed(message)
      // Only when the half is on the wire, or the caller would see none of it.
      stream.write(frame.subarray(0, Math.ceil(frame.length / 2)), () => stream.session?.destroy())
    },
    whenDrained(then) {
      stream.once('drain', then)
    },
    end(given) {
      if (!isOpen()) return
      status = given
      if (!stream.headersSent) stream.respond({ ...headers, ...trailersOf(given) }, { endStream: true })
      else stream.end()
    },
    reset() {
      if (!stream.destroyed) stream.close(constants.NGHTTP2_INTERNAL_ERROR)
    },
    destroyConnection() {
      stream.session?.destroy()
    },
  }
}

/**
 * gRPC over HTTP/2 without TLS, for loopback: calls by their path, e.g. `/eventbus.v1.PubSub/Subscribe`. What a
 * client sends compressed is refused, as by a server that knows no compression.
 *
 * @throws AndonError OPTIONS_INVALID when the port is taken
 */
export async function startGrpc(
  port: number,
  open: (path: string, call: GrpcCall) => GrpcHandler | undefined,
): Promise<GrpcServer> {
  const server = createServer()
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    session.on('error', () => session.destroy())
  })
  server.on('stream', (stream, headers) => {
    // A caller that hangs up: there is nobody to tell.
    stream.on('error', () => undefined)
    const call = callOf(stream, headers)
    const handler = open(headers[':path'] ?? '', call)
    if (handler === undefined) {
      call.end({ code: 12, message: 'the method is not known' })
      return
    }
    const unframe = unframer(handler.message)
    stream.on('data', (chunk: Buffer) => {
      if (!unframe(chunk)) call.end({ code: 12, message: 'compression is not supported' })
    })
    stream.on('end', handler.closed)
    stream.on('close', handler.closed)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new AndonError('OPTIONS_INVALID', {
          details: { option: 'pubSubPort', problem: cause.message },
          cause,
        }),
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  let closing: Promise<void> | undefined
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve())
        for (const session of sessions) session.destroy()
      })
      return closing
    },
  }
}
