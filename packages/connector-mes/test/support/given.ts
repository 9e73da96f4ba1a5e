import {
  type Action,
  type ExecuteContext,
  type JsonObject,
  silentLogger,
  systemClock,
} from '@andon/core/connector'
import {
  type Mes,
  type MesOptions,
  type SimulatorFault,
  sampleAction,
  sampleQuote,
  startMes,
  type TargetFault,
  type TargetGiven,
} from '@andon/testkit'
import { mes } from '../../src/index.js'

export const client = { clientId: 'andon', clientSecret: 'client-secret-4711-geheim' }

/** So many of everything: each action of a suite finds something of its own. */
const many = <T>(make: (index: number) => T): T[] => Array.from({ length: 40 }, (_, index) => make(index))

/** An MES with so much in it that every action of a suite finds something of its own. */
export async function richMes(options: MesOptions = {}): Promise<Mes> {
  const running = await startMes({
    auth: { oauth: client },
    batches: [
      ...many((index) => ({ batch: `C-${index}`, component: 'compressor' })),
      ...many((index) => ({ batch: `R-${index}`, component: 'compressor' })),
    ],
    units: [
      { serial: 'U-1', model: 'KX-500', componentBatches: { compressor: 'C-1', mainboard: 'M-1' } },
      { serial: 'U-2', model: 'KX-500', componentBatches: { compressor: 'C-2' }, batch: 'F-1' },
      { serial: 'U-3', model: 'KX-700', componentBatches: { compressor: 'C-1' }, location: 'shipped' },
    ],
    orders: many((index) => ({ id: `O-${index}`, model: 'KX-500' })),
    equipment: many((index) => ({
      id: `E-${index}`,
      parameters: {
        'mould/temperature': { value: 220, unit: 'Cel', low: 200, high: 240, maxStep: 5, dwellSeconds: 600 },
      },
    })),
    ...options,
  })
  // A lot must be held before it can be released: people at the line did it.
  const held = many((index) =>
    fetch(`${running.terminalUrl}/batches/R-${index}/hold`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'set at the line' }),
    }),
  )
  await Promise.all(held)
  return running
}

/** Parameters of each kind for the `index`-th object of the MES. */
function paramsOf(kind: string, index: number): JsonObject {
  const reason = 'cooling failure on 7 units in 24 h'
  switch (kind) {
    case 'material.hold':
      return { batch: `C-${index}`, component: 'compressor', reason }
    case 'material.release':
      return { batch: `R-${index}`, reason }
    case 'parameter.adjust':
      return {
        ...{ equipment: `E-${index}`, parameter: 'mould/temperature', from: 220, to: 224, unit: 'Cel' },
        ...{ low: 210, high: 230, max_step: 5, dwell: '10 minutes', expiry: '8 hours' },
      }
    case 'schedule.prioritise':
      return { order: `O-${index}`, priority: 1, reason }
    case 'schedule.rework':
      return { order: `O-${index}`, quantity: 12, reason }
    case 'quality.notification':
      return { title: 'Cooling failures', text: '制冷故障', product_model: 'KX-500' }
    case 'inspection.request':
      return { batch: `C-${index}`, reason }
    default:
      return { to: 'production_team', text: 'Look at the compressors' }
  }
}

export const actionOf = (kind: string, index: number, overrides: Partial<Action> = {}): Action =>
  sampleAction(index, {
    id: `${kind}/动作 ${index}`,
    kind,
    params: paramsOf(kind, index),
    quotes: [sampleQuote(1), sampleQuote(2)],
    ...overrides,
  })

export const contextOf = (attempt = 1, overrides: Partial<ExecuteContext> = {}): ExecuteContext => ({
  attempt,
  signal: new AbortController().signal,
  clock: systemClock,
  logger: silentLogger,
  ...overrides,
})

export const targetOf = ({ url, tokenUrl }: Mes, timeoutMs = 400): ReturnType<typeof mes> =>
  mes({ url, timeoutMs, auth: { kind: 'oauth2', tokenUrl, ...client } })

/** How often the floor says that an action took effect, counted where it happens as well as from what is left of it. */
export function effectsOf(running: Mes, id: string): number {
  const { batches, orders, equipment, notifications, inspections, messages } = running.state()
  const holds = batches.flatMap((batch) => batch.holds).filter(({ action }) => action === id).length
  const made = [...orders, ...notifications, ...inspections, ...messages]
  const documents = made.filter(({ createdBy }) => createdBy === id).length
  const changes = equipment
    .flatMap(({ parameters }) => Object.values(parameters))
    .flatMap(({ history }) => history)
    .filter(({ by }) => by === id).length
  // Releases and priorities leave nothing but the count.
  return Math.max(holds + documents + changes, running.deed(id)?.effects ?? 0)
}

const faultOf: Readonly<Record<TargetFault, SimulatorFault>> = {
  unavailable: '503',
  'timeout-after-work': 'timeout-after-work',
  'lost-answer': 'cut-after',
}

export async function mesGiven(): Promise<TargetGiven> {
  const running = await richMes()
  const target = targetOf(running)
  const url = running.url
  let made = 0
  return {
    target,
    action(kind) {
      made += 1
      return actionOf(kind, made)
    },
    effects: (id) => effectsOf(running, id),
    reversals: (id) => running.deed(id)?.undone ?? 0,
    kept: (id) => JSON.stringify(running.deed(id)),
    inject: (fault) => running.faults.next(faultOf[fault], { writes: true }),
    traceable: () => ({ batch: 'C-1', serials: ['U-1', 'U-3'] }),
    refused: () => actionOf('material.hold', 1, { params: { batch: 'C-404', reason: 'unknown lot' } }),
    restart: async () => targetOf(running),
    async dispose() {
      await target.close()
      await running.close()
    },
    badOptions: [
      { option: 'mes.url', create: () => mes({ url: 'ftp://mes' }) },
      { option: 'mes.url', create: () => mes({ url: 'http://user:secret@mes' }) },
      { option: 'mes.timeoutMs', create: () => mes({ url, timeoutMs: -1 }) },
      { option: 'mes.auth.token', create: () => mes({ url, auth: { kind: 'bearer', token: '' } }) },
    ],
    failure: {
      secret: client.clientSecret,
      async provoke() {
        await running.close()
        await target.execute(actionOf('notify', 1), contextOf())
      },
    },
  }
}
