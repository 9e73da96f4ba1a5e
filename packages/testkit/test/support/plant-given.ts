import {
  type Action,
  type ExecuteContext,
  type JsonObject,
  silentLogger,
  systemClock,
} from '@andon/core/connector'
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

const faultOf: Readonly<Record<TargetFault, PlantFault>> = {
  unavailable: 'error-before',
  'timeout-after-work': 'timeout-after',
  'lost-answer': 'lost-answer',
}

const many = <T>(make: (index: number) => T): readonly T[] =>
  Array.from({ length: 40 }, (_, index) => make(index))

/** A plant with so much in it that every action of a suite finds something of its own. */
const richPlant = (): Promise<Plant> =>
  startPlant({
    token: 'plant-token-0815',
    batches: [...many((index) => ({ batch: `C-${index}`, component: 'compressor' }))],
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

/** Parameters of each kind for the `index`-th object of the plant. */
function paramsOf(kind: string, index: number): JsonObject {
  const reason = 'cooling failure on 7 units in 24 h'
  switch (kind) {
    case 'material.hold':
      return { batch: `C-${index}`, component: 'compressor', reason }
    case 'material.release':
      return { batch: `C-${index}`, reason }
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
    await fetch(`${plant.url}/batches/C-${index}/hold`, {
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
      return Math.max(holds + documents + changes, deeds(id))
    },
    reversals: (id) => {
      const held = plant
        .state()
        .batches.flatMap((batch) => batch.holds)
        .some(({ action }) => action === id)
      return held ? 0 : deeds(`${id}:revert`)
    },
    kept: (id) => JSON.stringify(plant.state().actions.find((deed) => deed.id === id)),
    inject: (fault) => plant.setFaults({ script: [faultOf[fault]] }),
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
