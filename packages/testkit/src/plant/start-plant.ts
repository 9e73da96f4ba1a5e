import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { checkedOptions } from '../options.js'
import { faultInjector, faultsSchema, type PlantFault, type PlantFaults } from './faults.js'
import { openFloor, type PlantState, stateOf } from './floor.js'
import { type FloorSetup, floorSetup } from './floor-setup.js'
import { handleRequest, isRead, type PlantAnswer, type PlantRequest } from './handle.js'
import { actionOf, parseBody, plainAnswer, readText, sendAnswer } from './http.js'
import { openPlantJournal } from './plant-journal.js'

export interface PlantOptions extends FloorSetup {
  /** 0, the default, takes any free port of the loopback interface. */
  readonly port?: number
  /** Of the faults; default 1. */
  readonly seed?: number
  readonly faults?: PlantFaults
  /** A JSON-lines file. When it exists the plant goes on where it stood, and the set-up given here is not used. */
  readonly journal?: string
  /** When given, every request but /health must carry it as a bearer token. */
  readonly token?: string
  /** What dwell times and instants are read from; default the system's. */
  readonly clock?: Clock
}

export interface Plant {
  /** e.g. `http://127.0.0.1:40123` */
  readonly url: string
  readonly port: number
  state(): PlantState
  /** How many requests came in, /health and /state not counted. */
  readonly requests: number
  setFaults(faults: PlantFaults): void
  /** Cuts every connection; may be called twice. */
  close(): Promise<void>
}

const optionsSchema = floorSetup.extend({
  port: z.int().min(0).max(65_535).default(0),
  seed: z.int().default(1),
  faults: faultsSchema.optional(),
  journal: z.string().min(1).optional(),
  token: z.string().min(1).optional(),
  clock: z.custom<Clock>((value) => typeof value === 'object' && value !== null).default(systemClock),
})

const unwell = plainAnswer(503, 'unwell', { en: 'the plant system is not well', zh: '工厂系统异常' })
const tooMany = plainAnswer(429, 'too_many', { en: 'too many requests', zh: '请求过多' })
const tooLarge = plainAnswer(413, 'too_large', { en: 'at most 1 MB', zh: '最多 1 MB' })
const unauthorized = plainAnswer(401, 'unauthorized', { en: 'a token is needed', zh: '需要令牌' })
const notJson = plainAnswer(400, 'not_json', { en: 'the body is not JSON', zh: '请求体不是 JSON' })
/** Neither counted nor ever at fault: for health checks and for whoever looks on. */
const spared: readonly string[] = ['/health', '/state']

/** What is asked, before it is known when it is done and how. */
type Asked = Omit<PlantRequest, 'at' | 'wrong'>

/** The answer; or the connection is cut, or nothing ever comes. */
type Outcome = PlantAnswer | 'cut' | 'silence'

/** A disk that is full, say: there is nobody to tell but the caller, and that only by hanging up. */
function guarded(request: IncomingMessage, work: () => void): void {
  try {
    work()
  } catch {
    request.socket.destroy()
  }
}

/**
 * Starts a plant: batches, orders, machine parameters and units in process behind REST and JSON on the
 * loopback interface, with rules of its own and faults to inject. See the package's README for its routes.
 *
 * @throws AndonError OPTIONS_INVALID naming the option, also when the port is taken or the journal is not one
 */
export async function startPlant(options: PlantOptions = {}): Promise<Plant> {
  const { port, seed, faults, journal: path, token, clock, ...setup } = checkedOptions(optionsSchema, options)
  const journal = path === undefined ? undefined : openPlantJournal(path, setup)
  const floor = journal?.floor ?? openFloor(setup)
  const injector = faultInjector(seed)
  if (faults !== undefined) injector.set(faults)
  let requests = 0

  /** Does what is asked, unless a fault forbids it. */
  const perform = (asked: Asked, meets: PlantFault | undefined): Outcome => {
    if (injector.down) return 'cut'
    if (meets === 'error-before') return unwell
    if (meets === 'rate-limit') return tooMany
    const todo = { ...asked, at: clock.now(), wrong: meets === 'wrong-write' || undefined }
    const given = handleRequest(floor, todo)
    if ('changed' in given && given.changed) journal?.record(todo)
    // After a time-out the connection stays open and silent until its caller or the plant gives up.
    if (meets === 'lost-answer') return 'cut'
    return meets === 'timeout-after' ? 'silence' : given
  }

  /** What is asked, or why it is not even looked at. */
  const askedBy = (request: IncomingMessage, text: string | undefined): Asked | PlantAnswer => {
    const { method = 'GET', url: path = '/', headers } = request
    if (text === undefined) return tooLarge
    if (token !== undefined && path !== '/health' && headers.authorization !== `Bearer ${token}`) {
      return unauthorized
    }
    const { ok, body } = parseBody(text)
    return ok ? { method, path, body, action: actionOf(request) } : notJson
  }

  const answer = (request: IncomingMessage, response: ServerResponse, text: string | undefined): void => {
    const tell = (outcome: Outcome): void => {
      if (outcome === 'cut') request.socket.destroy()
      else if (outcome !== 'silence') sendAnswer(request, response, outcome)
    }
    const asked = askedBy(request, text)
    if ('status' in asked) tell(asked)
    else if (spared.includes(asked.path)) tell(perform(asked, undefined))
    else {
      requests += 1
      const meets = injector.next(isRead(asked.method, asked.path), clock.now())
      const late = injector.latencyMs()
      const { outages } = injector
      // What was late when it went down is lost; what its caller has given up is done all the same.
      const lately = (): Outcome => (injector.outages === outages ? perform(asked, meets) : 'cut')
      if (late > 0) setTimeout(() => guarded(request, () => tell(lately())), late)
      else tell(perform(asked, meets))
    }
  }

  const server = createServer((request, response) => {
    // A caller that hangs up in the middle: there is nobody to tell.
    request.on('error', () => request.socket.destroy())
    readText(request, (text) => guarded(request, () => answer(request, response, text)))
  })
  server.on('connection', (socket) => {
    if (injector.down) socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      journal?.close()
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
    state: () => stateOf(floor),
    get requests() {
      return requests
    },
    setFaults(changed) {
      injector.set(checkedOptions(faultsSchema, changed))
      if (injector.down) server.closeAllConnections()
    },
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => {
          journal?.close()
          resolve()
        })
        server.closeAllConnections()
      })
      return closing
    },
  }
}
