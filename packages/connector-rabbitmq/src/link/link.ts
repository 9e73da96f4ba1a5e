import { setTimeout as sleep } from 'node:timers/promises'
import type { Localized } from '@andon/core/connector'
import { AndonError, isAndonError } from '@andon/core/errors'
import { type ChannelModel, connect } from 'amqplib'
import { type CheckedConnection, type Endpoint, endpointsOf } from './connection-options.js'
import { type Failure, failureOf } from './failure.js'
import { gatherWrites } from './gathered-writes.js'

export interface LinkOwner {
  readonly kind: 'bus' | 'source' | 'sink'
  readonly name: string
}

const shortestPause = 100
const longestPause = 10_000
/** A broker that is gone does not answer a farewell (ms). */
const farewellMs = 500

/**
 * One connection that is made when it is first needed and made again when it was lost, with growing pauses. amqplib's own
 * recovery is not used: it has the credentials of the first connection for ever, and it cannot tell a wrong password
 * from a broker that starts.
 */
export class RabbitLink {
  readonly #options: CheckedConnection
  #endpoint: Endpoint
  /** The other nodes of the cluster, in the order in which it is their turn. */
  readonly #others: Endpoint[]
  readonly #owner: LinkOwner
  readonly #closing = new AbortController()
  #opening: Promise<ChannelModel> | undefined
  #model: ChannelModel | undefined
  #blocked: string | undefined
  #problem: Localized | undefined
  #wasConnected = false
  readonly #unblocked = new Set<() => void>()

  constructor(options: CheckedConnection, owner: LinkOwner) {
    this.#options = options
    const endpoints = endpointsOf(options)
    // Any of them: many processes do not all come to the first.
    const first = Math.floor(Math.random() * endpoints.length)
    this.#endpoint = endpoints[first] ?? endpoints[0]
    this.#others = [...endpoints.slice(first + 1), ...endpoints.slice(0, first)]
    this.#owner = owner
  }

  get closed(): boolean {
    return this.#closing.signal.aborted
  }

  /** Why the broker takes nothing just now, e.g. because its disk is nearly full. */
  get blocked(): string | undefined {
    return this.#blocked
  }

  /** What stands between us and the broker just now. */
  get problem(): Localized | undefined {
    if (this.#blocked === undefined) return this.#model === undefined ? this.#problem : undefined
    return {
      en: `the broker takes nothing at present: ${this.#blocked}; free disk space or memory there`,
      zh: `服务器目前不接收消息：${this.#blocked}；请释放其磁盘空间或内存`,
    }
  }

  /** Told each time the broker takes messages again. */
  onUnblocked(listener: () => void): void {
    this.#unblocked.add(listener)
  }

  /**
   * The connection; while the broker cannot be reached it waits.
   *
   * @throws AndonError when trying again is useless, e.g. for a wrong password; the next call tries again all the same
   */
  connection(): Promise<ChannelModel> {
    if (this.closed) return Promise.reject(this.closedError())
    this.#opening ??= this.#open()
    return this.#opening
  }

  error(
    problem: string,
    {
      cause,
      chinese = problem,
      permanent = false,
    }: { cause?: unknown; chinese?: string; permanent?: boolean } = {},
  ): AndonError {
    const { kind, name } = this.#owner
    const code = kind === 'bus' ? 'BUS_FAILED' : kind === 'source' ? 'SOURCE_FAILED' : 'SINK_FAILED'
    return new AndonError(code, {
      details: { [kind]: name, problem },
      chinese: { problem: chinese },
      retryable: !permanent,
      ...(cause === undefined ? {} : { cause }),
    })
  }

  closedError(): AndonError {
    return this.error('it is closed', { chinese: '已关闭', permanent: true })
  }

  /** The same for anything that was thrown below. */
  failed(cause: unknown): AndonError {
    return isAndonError(cause) ? cause : this.error(failureOf(cause).problem, { ...failureOf(cause), cause })
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const model = this.#model
    this.#model = undefined
    if (model === undefined) return
    const farewell = model.close().catch(() => undefined)
    await Promise.race([farewell, sleep(farewellMs, undefined, { ref: false })])
  }

  async #open(): Promise<ChannelModel> {
    for (let failures = 0; ; ) {
      try {
        const model = await this.#connect()
        if (this.closed) {
          void model.close().catch(() => undefined)
          throw this.closedError()
        }
        gatherWrites(model)
        this.#watch(model)
        return model
      } catch (cause) {
        const error = this.failed(cause)
        this.#problem = notConnected(failureOf(cause))
        // What let us in once will again: a broker that starts may know its users later than its port.
        if (this.closed || (!error.retryable && !this.#wasConnected)) {
          this.#opening = undefined
          throw error
        }
        const { hostname, port } = this.#endpoint
        this.#options.logger.warn({ host: hostname, port }, error.message)
        failures += 1
        const rounds = failures / (1 + this.#others.length)
        this.#others.push(this.#endpoint)
        this.#endpoint = this.#others.shift() ?? this.#endpoint
        // Another node may be there at once.
        if (!Number.isInteger(rounds)) continue
        // Between half and the whole of it: those who lost the same broker do not come back in step.
        const pause = Math.min(longestPause, shortestPause * 2 ** (rounds - 1)) * (0.5 + Math.random() / 2)
        await sleep(pause, undefined, { signal: this.#closing.signal }).catch(() => undefined)
      }
    }
  }

  async #connect(): Promise<ChannelModel> {
    const { heartbeatSeconds, connectTimeoutMs, tls = {} } = this.#options
    const { protocol, hostname, port, vhost, username, password } = this.#endpoint
    const secret = typeof password === 'function' ? await password() : password
    const { ca, cert, key, passphrase, servername } = tls
    return connect(
      // The host's name goes through a decoder for URLs, whatever form the rest has.
      {
        protocol,
        hostname,
        port,
        vhost: encodeURIComponent(vhost),
        username,
        password: secret,
        heartbeat: heartbeatSeconds,
      },
      {
        // Without it a confirmation waits for the next packet: 44 ms instead of half of one.
        noDelay: true,
        timeout: connectTimeoutMs,
        clientProperties: { connection_name: `andon ${this.#owner.kind} ${this.#owner.name}` },
        ...(ca === undefined ? {} : { ca: textOf(ca) }),
        ...(cert === undefined ? {} : { cert: textOf(cert) }),
        ...(key === undefined ? {} : { key: textOf(key) }),
        ...(passphrase === undefined ? {} : { passphrase }),
        ...(servername === undefined ? {} : { servername }),
      },
    )
  }

  #watch(model: ChannelModel): void {
    this.#model = model
    this.#wasConnected = true
    // An error is followed by the close; without a listener it would end the process.
    model.on('error', (error) => {
      this.#problem = notConnected(failureOf(error))
    })
    model.on('blocked', (reason) => {
      this.#blocked = reason
      this.#options.logger.warn(
        { reason },
        `${this.#owner.name}: the broker takes nothing at present: ${reason}`,
      )
    })
    model.on('unblocked', () => this.#unblock())
    model.on('close', (error?: Error) => {
      if (this.#model === model) this.#model = undefined
      this.#opening = undefined
      this.#problem = notConnected(error === undefined ? farewell : failureOf(error))
      this.#unblock()
    })
  }

  #unblock(): void {
    this.#blocked = undefined
    for (const listener of this.#unblocked) listener()
  }
}

const notConnected = ({ problem, chinese }: Pick<Failure, 'problem' | 'chinese'>): Localized => ({
  en: `not connected: ${problem}`,
  zh: `未连接：${chinese}`,
})
const farewell = { problem: 'the broker closed the connection', chinese: '服务器关闭了连接' }

const textOf = (pem: string | Uint8Array): string | Buffer =>
  typeof pem === 'string' ? pem : Buffer.from(pem)
