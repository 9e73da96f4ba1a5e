import type * as z from 'zod'
import { MesRefusal } from '../http/failures.js'
import type { MesHttp, MesRequest } from '../http/mes-http.js'
import { actionRecord, readAnswers, writeAnswers } from './answers.js'
import type {
  MesCall,
  MesOperations,
  MesReads,
  MesWrite,
  MesWriteName,
  MesWriteShapes,
  MesWrites,
} from './operations.js'

const pathTo = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`

/** Every operation of the published contract, over HTTP. */
export function contractClient(http: MesHttp): MesOperations & MesReads & MesWrites {
  function checked<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
    const result = schema.safeParse(answer)
    if (result.success) return result.data
    const issue = result.error.issues[0]
    const where = issue?.path.map(String).join('.') || 'body'
    throw http.unreadable(what, new TypeError(`${where}: ${issue?.message ?? 'not as expected'}`))
  }

  /** The ids of the path are taken out of what is asked; the rest is the body. */
  const write =
    <K extends MesWriteName>(
      name: K,
      method: 'POST' | 'PUT',
      split: (asked: MesWriteShapes[K][0]) => { readonly path: string; readonly body: object },
    ): MesWrite<K> =>
    async (asked, { actionId, ...call }) => {
      const { body, replayed } = await http.send({ method, ...split(asked), actionId }, call)
      return { ...checked(writeAnswers[name], body, name), ...(replayed && { replayed }) }
    }

  async function read<K extends keyof MesReads>(
    name: K,
    request: MesRequest,
    call: MesCall,
  ): Promise<Awaited<ReturnType<MesReads[K]>>> {
    const { body } = await http.send(request, call)
    return checked(readAnswers[name], body, name)
  }

  return {
    async getAction({ actionId }, call) {
      try {
        const { body } = await http.send({ method: 'GET', path: pathTo('actions', actionId) }, call)
        return checked(actionRecord, body, 'getAction')
      } catch (error) {
        // No other 404 may pass for it: it says that nothing was done.
        if (error instanceof MesRefusal && error.status === 404 && error.code === 'unknown_action') {
          return undefined
        }
        throw error
      }
    },
    getStatus: (call) => read('getStatus', { method: 'GET', path: '/status' }, call),
    getStates: (body, call) => read('getStates', { method: 'POST', path: '/states', body }, call),
    traceGenealogy: (body, call) =>
      read('traceGenealogy', { method: 'POST', path: '/genealogy', body }, call),
    listAlarms({ after, limit, waitSeconds }, call) {
      const query = {
        ...(after !== undefined && { after }),
        ...{ limit: String(limit), waitSeconds: String(waitSeconds) },
      }
      const extraMs = waitSeconds * 1000
      return read('listAlarms', { method: 'GET', path: '/alarms', query, extraMs }, call)
    },
    holdLot: write('holdLot', 'POST', ({ lot, ...body }) => ({ path: pathTo('lots', lot, 'hold'), body })),
    releaseLot: write('releaseLot', 'POST', ({ lot, ...body }) => ({
      path: pathTo('lots', lot, 'release'),
      body,
    })),
    holdUnits: write('holdUnits', 'POST', (body) => ({ path: '/units/hold', body })),
    releaseUnits: write('releaseUnits', 'POST', (body) => ({ path: '/units/release', body })),
    prioritiseOrder: write('prioritiseOrder', 'PUT', ({ order, ...body }) => ({
      path: pathTo('orders', order, 'priority'),
      body,
    })),
    scheduleRework: write('scheduleRework', 'POST', (body) => ({ path: '/rework-orders', body })),
    cancelRework: write('cancelRework', 'POST', ({ order, ...body }) => ({
      path: pathTo('rework-orders', order, 'cancel'),
      body,
    })),
    requestInspection: write('requestInspection', 'POST', (body) => ({ path: '/inspections', body })),
    cancelInspection: write('cancelInspection', 'POST', ({ inspection, ...body }) => ({
      path: pathTo('inspections', inspection, 'cancel'),
      body,
    })),
    raiseNotification: write('raiseNotification', 'POST', (body) => ({ path: '/notifications', body })),
    withdrawNotification: write('withdrawNotification', 'POST', ({ notification, ...body }) => ({
      path: pathTo('notifications', notification, 'withdraw'),
      body,
    })),
    sendMessage: write('sendMessage', 'POST', (body) => ({ path: '/messages', body })),
    adjustParameter: write('adjustParameter', 'PUT', ({ equipment, parameter, ...body }) => ({
      path: pathTo('equipment', equipment, 'parameters', parameter),
      body,
    })),
  }
}
