import type { Localized } from '@andon/core/connector'
import * as z from 'zod'
import type { Floor } from '../plant/floor.js'
import { handleRequest, type PlantAnswer } from '../plant/handle.js'
import { parseBody } from '../plant/http.js'
import { matchSegments, Refusal } from '../plant/route.js'
import { headerOf, jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from '../simulator/exchange.js'
import type { SimulatedSystem } from '../simulator/simulated-system.js'
import type { Admission } from './admission.js'
import type { AlarmFeed } from './alarm-feed.js'
import { deedSchema } from './contract-answers.js'
import { alarmsQuestion } from './contract-bodies.js'
import { type Operation, operationOfDeed, operations } from './operations.js'

/** The base path of the contract, beside the floor's own routes. */
export const basePath = '/andon/v1'

export interface MesParts {
  readonly floor: Floor
  readonly feed: AlarmFeed
  readonly admission: Admission
  /** The operations that it has. */
  readonly has: (operation: string) => boolean
  /** Whether the next write is to be acknowledged and not done; asked once for each. */
  readonly deceives: () => boolean
}

const languageOf = (request: SimulatorRequest): keyof Localized =>
  headerOf(request, 'accept-language')?.startsWith('zh') === true ? 'zh' : 'en'

function problemAnswer(
  status: number,
  code: string,
  text: Localized,
  request: SimulatorRequest,
): SimulatorAnswer {
  const retry = status === 429 || status === 503 ? { 'retry-after': '1' } : {}
  const body = { type: 'about:blank', status, code, detail: text[languageOf(request)] }
  return jsonAnswer(status, body, { 'content-type': 'application/problem+json', ...retry })
}

const both = (en: string, zh: string): Localized => ({ en, zh })

/** What a front or a database of the system says, by status. */
const problems: Readonly<Record<number, readonly [code: string, text: Localized]>> = {
  401: ['unauthorized', both('a token is needed', '需要令牌')],
  403: ['forbidden', both('this user may not do that', '该用户无此权限')],
  404: ['no_such_operation', both('there is nothing here', '此处无内容')],
  409: ['busy', both('another transaction has it locked', '已被另一事务锁定')],
  412: ['precondition_failed', both('a precondition does not hold', '前提条件不成立')],
  413: ['malformed', both('at most 1 MB', '最多 1 MB')],
  428: ['precondition_required', both('a precondition is needed', '需要前提条件')],
  429: ['too_many', both('too many requests', '请求过多')],
  500: ['internal', both('something went wrong inside', '内部错误')],
  503: ['unavailable', both('the system is not well', '系统异常')],
}

const problemOf = (status: number, request: SimulatorRequest): SimulatorAnswer => {
  const [code, text] = problems[status] ?? ['internal', both(`HTTP ${status}`, `HTTP ${status}`)]
  return problemAnswer(status, code, text, request)
}

/** What is cancelled or withdrawn already is not there to be taken back. */
const cancelling: readonly string[] = ['cancelRework', 'cancelInspection', 'withdrawNotification']

/** The contract has fewer words for a refusal than the floor. */
function codeOf(code: string, operation: string): string {
  if (cancelling.includes(operation) && ['order_cancelled', 'not_open'].includes(code)) return 'nothing_left'
  return code.startsWith('order_') ? 'order_not_planned' : code
}

const malformed = (en: string, zh: string): never => {
  throw new Refusal(400, 'malformed', { en, zh })
}

const unknownOperation = (): never => {
  throw new Refusal(404, 'no_such_operation', both('there is no such operation', '没有这样的操作'))
}

function actionOf(request: SimulatorRequest): string {
  const key = headerOf(request, 'idempotency-key') ?? ''
  if (key === '' || key.length > 600) malformed('Idempotency-Key is needed', '需要 Idempotency-Key')
  try {
    return decodeURIComponent(key)
  } catch {
    return malformed('Idempotency-Key is not percent-encoded', 'Idempotency-Key 未按百分号编码')
  }
}

function bodyOf(request: SimulatorRequest): unknown {
  if (headerOf(request, 'content-type')?.startsWith('application/json') !== true) {
    malformed('the content type must be application/json', 'Content-Type 应为 application/json')
  }
  const { ok, body } = parseBody(request.text)
  return ok ? body : malformed('the body is not JSON', '请求体不是 JSON')
}

/** The floor's answer as it was given; its refusal is thrown. */
function said(answer: PlantAnswer, operation: string): { readonly text: string; readonly replayed: boolean } {
  if ('text' in answer) return answer
  const status = z.literal([400, 404, 409, 422]).parse(answer.status)
  throw new Refusal(status, codeOf(answer.code, operation), answer.message)
}

/**
 * Answers the published MES contract out of the floor: what is asked is checked against the contract, said to the floor
 * in its own words, and what it answers is said in the contract's. The floor's own routes are there as well, for the
 * people at the line: below no base path and without a token.
 */
export function mesSystem({ floor, feed, admission, has, deceives }: MesParts): SimulatedSystem {
  const ask = (path: string, request: SimulatorRequest): string =>
    said(handleRequest(floor, { method: 'GET', path, body: {}, action: null, at: request.at }), 'getAction')
      .text

  const perform = (one: Operation, ids: readonly string[], request: SimulatorRequest): SimulatorAnswer => {
    const asked = one.toFloor(floor, ids, bodyOf(request))
    const action = one.isWrite ? actionOf(request) : null
    const wrong = one.isWrite && deceives()
    const { text, replayed } = said(
      handleRequest(floor, { ...asked, action, at: request.at, wrong }),
      one.name,
    )
    const answer = one.answer.parse(JSON.parse(text))
    return jsonAnswer(200, answer, replayed ? { 'idempotent-replay': 'true' } : {})
  }

  const actionRecord = (id: string, request: SimulatorRequest): SimulatorAnswer => {
    if (!floor.deeds.has(id)) {
      throw new Refusal(
        404,
        'unknown_action',
        both('nothing was done under this id', '该 id 下没有执行任何操作'),
      )
    }
    const deed = deedSchema.parse(JSON.parse(ask(`/actions/${encodeURIComponent(id)}`, request)))
    const one = operationOfDeed(deed.request) ?? unknownOperation()
    const { reference } = deed
    const at = new Date(deed.at).toISOString()
    const result = one.answer.parse({ ...deed.answer, reference })
    return jsonAnswer(200, { actionId: id, operation: one.name, reference, at, result })
  }

  const alarms = (request: SimulatorRequest): SimulatorAnswer => {
    const question = alarmsQuestion.safeParse(Object.fromEntries(request.query))
    const found = question.success ? feed.after(question.data.after, question.data.limit) : undefined
    if (found !== undefined) return jsonAnswer(200, found)
    throw new Refusal(422, 'invalid', both('after, limit or waitSeconds', 'after、limit 或 waitSeconds 无效'))
  }

  const answer = (request: SimulatorRequest): SimulatorAnswer => {
    const segments = request.path
      .slice(basePath.length + 1)
      .split('/')
      .map(decodeURIComponent)
    const [first = '', id = '', ...rest] = segments
    if (request.method === 'GET' && rest.length === 0) {
      if (first === 'status' && segments.length === 1) {
        const names = operations.map(({ name }) => name).filter(has)
        return jsonAnswer(200, {
          contract: 'andon-mes/1',
          operations: [...names, 'getAction', 'getStatus', ...['listAlarms'].filter(has)],
        })
      }
      if (first === 'actions' && segments.length === 2) return actionRecord(id, request)
      if (first === 'alarms' && segments.length === 1 && has('listAlarms')) return alarms(request)
    }
    for (const one of operations) {
      if (one.method !== request.method || !has(one.name)) continue
      const ids = matchSegments(one.segments, segments)
      if (ids !== undefined) return perform(one, ids, request)
    }
    return unknownOperation()
  }

  const isContract = ({ path }: SimulatorRequest): boolean => path.startsWith(`${basePath}/`)

  /** The floor as its own people use it. */
  const terminal = ({ method, path, text, at }: SimulatorRequest): SimulatorAnswer => {
    const { ok, body } = parseBody(text)
    if (!ok) return jsonAnswer(400, { code: 'not_json' })
    const told = handleRequest(floor, { method, path, body, action: null, at })
    if ('text' in told) return { ...jsonAnswer(200, {}), text: told.text }
    return jsonAnswer(told.status, { code: told.code, message: told.message.en })
  }

  return {
    handle(request) {
      if (request.path === '/oauth/token' && admission.oauth !== undefined)
        return admission.oauth.token(request)
      if (!isContract(request)) return terminal(request)
      if (!admission.admits(request)) return problemOf(401, request)
      try {
        return answer(request)
      } catch (error) {
        if (error instanceof Refusal) return problemAnswer(error.status, error.code, error.text, request)
        if (error instanceof URIError)
          return problemAnswer(400, 'malformed', both('the path', '路径'), request)
        throw error
      }
    },
    problem: problemOf,
    isWrite({ method, path }) {
      if (method === 'PUT') return true
      return method === 'POST' && !/\/(states|genealogy|observe|trace|token)$/.test(path)
    },
    waitsFor(request) {
      if (request.path !== `${basePath}/alarms` || !admission.admits(request)) return undefined
      const question = alarmsQuestion.safeParse(Object.fromEntries(request.query))
      if (!question.success) return undefined
      return feed.waits(question.data.after, question.data.waitSeconds * 1000)
    },
    upset(fault, request) {
      return fault === 'token-expired' && isContract(request) && admission.oauth?.expireAll(request) === true
    },
  }
}
