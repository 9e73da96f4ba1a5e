import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { readText } from '../plant/http.js'
import { withEcho } from './echo.js'
import type { SimulatorRequest } from './exchange.js'
import { type FaultControl, faultInjector } from './fault-injector.js'
import { faultsSchema, isSystemFault, type SimulatorFault, type SimulatorFaults } from './fault-kinds.js'
import { type Outcome, outcomeOf, send } from './outcome.js'
import { type LoggedRequest, logOutcome, requestLog } from './request-log.js'
import type { SimulatedSystem } from './simulated-system.js'

/** The options that every simulator has. */
export interface SimulatorOptions {
  /** 0, the default, takes any free port of the loopback interface. */
  readonly port?: number
  /** Of the faults and of latencies between two bounds; default 1. */
  readonly seed?: number
  readonly faults?: SimulatorFaults
  /** What tokens, sessions, rate limits, instants and late answers go by; default the system's. */
  readonly clock?: Clock
  /** How many of the latest requests are remembered; default 10,000. */
  readonly requestLog?: number
  /**
   * Every refusal, and every answer that a fault has spoilt, repeats the credentials of its request: headers, cookies,
   * the Basic pair in clear, the form of a token request. Default false.
   */
  readonly echo?: boolean
}

/** What the options of {@link SimulatorOptions} are checked by; a simulator extends it. */
export const simulatorSchema = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  seed: z.int().default(1),
  faults: faultsSchema.optional(),
  clock: z.custom<Clock>((value) => typeof value === 'object' && value !== null).default(systemClock),
  requestLog: z.int().min(0).default(10_000),
  echo: z.boolean().default(false),
})
export type CheckedSimulatorOptions = z.output<typeof simulatorSchema>

/** What every simulator offers. */
export interface Simulator {
  /** e.g. `http://127.0.0.1:40123` */
  readonly url: string
  readonly port: number
  readonly faults: FaultControl
  /** The latest requests, oldest first; those that met a fault say so. */
  readonly requests: readonly LoggedRequest[]
  /** How many there were in all. */
  readonly requestCount: number
  /** Cuts every connection; may be called twice. */
  close(): Promise<void>
}

const changesNothing: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

const requestOf = (request: IncomingMessage, text: string, at: number): SimulatorRequest => {
  const { method = 'GET', url = '/', headers } = request
  const [path = '/', query = ''] = [
    url.split('?', 1)[0],
    url.includes('?') ? url.slice(url.indexOf('?')) : '',
  ]
  return { method, path, query: new URLSearchParams(query), headers, text, at }
}

/**
 * Opens a simulated system on the loopback interface: HTTP with keep-alive, faults at any request, a rate limit and a
 * log of what came in. What it says and does is the system's own.
 *
 * @throws AndonError OPTIONS_INVALID when the port is taken
 */
export async function startSimulator(
  system: SimulatedSystem,
  { port, seed, faults, clock, requestLog: mostLogged, echo }: CheckedSimulatorOptions,
): Promise<Simulator> {
  const server = createServer()
  const injector = faultInjector(seed, () => server.closeAllConnections())
  if (faults !== undefined) injector.control.set(faults)
  const log = requestLog(mostLogged)
  const isWrite = (request: SimulatorRequest): boolean =>
    system.isWrite?.(request) ?? !changesNothing.includes(request.method)

  /** The fault of this request, made already where the system makes it. */
  const faultOf = (request: SimulatorRequest): SimulatorFault | undefined =>
    injector.meet(
      request,
      isWrite(request),
      (fault) => !isSystemFault(fault) || system.upset?.(fault, request) === true,
    )

  const work = (incoming: IncomingMessage, response: ServerResponse, text: string | undefined): void => {
    const request = requestOf(incoming, text ?? '', clock.now())
    const limited = injector.overLimit(request.at)
    const fault = limited ? '429' : faultOf(request)
    const logged = log.add(request, { target: incoming.url ?? '/', rawHeaders: incoming.rawHeaders }, fault)
    const { outages } = injector
    const tell = (made: Outcome): void => {
      const outcome = echo ? withEcho(made, request, fault !== undefined) : made
      logOutcome(logged, outcome === 'cut' || outcome === 'silence' ? outcome : outcome.answer)
      // As its own clock has it: there are clients that go by it.
      response.setHeader('date', new Date(clock.now()).toUTCString())
      send(incoming, response, outcome)
    }
    const perform = (): void => {
      // What was late when it went down is lost; what its caller has given up is done all the same.
      if (injector.down || injector.outages !== outages) tell('cut')
      else if (text === undefined) tell({ answer: system.problem(413, request) })
      else tell(outcomeOf(system, request, fault))
    }
    const late = injector.latencyMs() + (fault === 'slow' ? injector.slowMs : 0)
    const wait = system.waitsFor?.(request)
    if (late > 0) clock.setTimer(late, () => guarded(incoming, perform))
    else if (wait !== undefined) void wait.then(() => guarded(incoming, perform))
    else perform()
  }

  server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
    // A caller that hangs up in the middle: there is nobody to tell.
    incoming.on('error', () => incoming.socket.destroy())
    readText(incoming, (text) => guarded(incoming, () => work(incoming, response, text)))
  })
  server.on('connection', (socket) => {
    if (injector.down) socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new AndonError('OPTIONS_INVALID', { details: { option: 'port', problem: cause.message }, cause }),
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  let closing: Promise<void> | undefined

  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    faults: injector.control,
    requests: log.latest,
    get requestCount() {
      return log.count
    },
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return closing
    },
  }
}

/** A defect of a simulator: there is nobody to tell but the caller, and that only by hanging up. */
function guarded(request: IncomingMessage, work: () => void): void {
  try {
    work()
  } catch {
    request.socket.destroy()
  }
}
