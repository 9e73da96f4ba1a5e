import { type Action, type ExecuteContext, silentLogger, systemClock } from '@andon/core/connector'
import {
  type Plant,
  type PlantFault,
  plantTarget,
  sampleAction,
  sampleQuote,
  startPlant,
  type TargetFault,
  type TargetGiven,
} from '@andon/testkit'
import { many, paramsOf } from './action-params.js'

const faultOf: Readonly<Record<TargetFault, PlantFault>> = {
  unavailable: 'error-before',
  'timeout-after-work': 'timeout-after',
  'lost-answer': 'lost-answer',
}

/** A plant with so much in it that every action of a suite finds something of its own. */
const richPlant = (): Promise<Plant> =>
  startPlant({
    token: 'plant-token-0815',
    batches: [
      ...many((index) => ({ batch: `C-${index}`, component: 'compressor' })),
      ...many((index) => ({ batch: `R-${index}`, component: 'compressor' })),
    ],
    units: [
      { serial: 'U-1', model: 'KX-500', componentBatches: { compressor: 'C-1', mainboard: 'M-1' } },
      { serial: 'U-2', model: 'KX-500', componentBatches: { compressor: 'C-2' }, batch: 'F-1' },
      { serial: 'U-3', model: 'KX-700', componentBatches: { compressor: 'C-1' }, location: 'shipped' },
    ],
    orders: [...many((index) => ({ id: `O-${index}`, model: 'KX-500' }))],
    equipment: [
      ...many((index) => ({
        id: `E-${index}`,
        parameters: {
          'mould/temperature': {
            value: 220,
            unit: 'Cel',
            low: 200,
            high: 240,
            maxStep: 5,
            dwellSeconds: 600,
          },
        },
      })),
    ],
  })

export const plantAction = (kind: string, index: number, overrides: Partial<Action> = {}): Action =>
  sampleAction(index, {
    id: `${kind}/动作 ${index}`,
    kind,
    params: paramsOf(kind, index),
    quotes: [sampleQuote(1), sampleQuote(2)],
    ...overrides,
  })

export const contextOf = (attempt = 1): ExecuteContext => ({
  attempt,
  signal: new AbortController().signal,
  clock: systemClock,
  logger: silentLogger,
})

export async function plantGiven(): Promise<TargetGiven> {
  const plant = await richPlant()
  const make = () => plantTarget({ url: plant.url, token: 'plant-token-0815', timeoutMs: 150 })
  const target = make()
  // A batch must be held before it can be released.
  for (let index = 0; index < 40; index += 1) {
    await fetch(`${plant.url}/batches/R-${index}/hold`, {
      method: 'POST',
      headers: { authorization: 'Bearer plant-token-0815', 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'set at the plant' }),
    })
  }
  let made = 0
  const deeds = (id: string): number => plant.state().actions.filter((deed) => deed.id === id).length
  return {
    target,
    action(kind) {
      made += 1
      return plantAction(kind, made)
    },
    effects(id) {
      const { batches, orders, equipment, notifications, inspections, messages } = plant.state()
      const holds = batches.flatMap((batch) => batch.holds).filter(({ action }) => action === id).length
      const made = [...orders, ...notifications, ...inspections, ...messages]
      const documents = made.filter(({ createdBy }) => createdBy === id).length
      const changes = equipment
        .flatMap(({ parameters }) => Object.values(parameters))
        .filter(({ changedBy }) => changedBy === id).length
      // Releases and priorities leave nothing but the deed; what can be counted is counted.
      const counted = plant.state().actions.find((deed) => deed.id === id)?.effects ?? 0
      return Math.max(holds + documents + changes, counted)
    },
    reversals: (id) => {
      const held = plant
        .state()
        .batches.flatMap((batch) => batch.holds)
        .some(({ action }) => action === id)
      const undone = plant.state().actions.find((deed) => deed.id === id)?.undone ?? 0
      return held ? 0 : Math.max(undone, deeds(`${id}:revert`))
    },
    kept: (id) => JSON.stringify(plant.state().actions.find((deed) => deed.id === id)),
    inject: (fault) => plant.setFaults({ script: [faultOf[fault]] }),
    traceable: () => ({ batch: 'C-1', serials: ['U-1', 'U-3'] }),
    refused: () => plantAction('material.hold', 1, { params: { batch: 'C-404', reason: 'unknown batch' } }),
    restart: async () => make(),
    dispose: () => plant.close(),
    badOptions: [
      { option: 'url', create: () => plantTarget({ url: 'ftp://plant' }) },
      { option: 'url', create: () => plantTarget({ url: 'http://user:secret@plant' }) },
      { option: 'timeoutMs', create: () => plantTarget({ url: plant.url, timeoutMs: -1 }) },
    ],
    failure: {
      secret: 'plant-token-0815',
      async provoke() {
        await plant.close()
        await target.execute(plantAction('notify', 1), contextOf())
      },
    },
  }
}
