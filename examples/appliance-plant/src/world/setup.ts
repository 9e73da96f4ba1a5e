import type { FloorSetup } from '@andon/testkit'
import { day, hour } from '../calendar.js'
import { type Component, models } from './products.js'

/** What is wrong in this story; Andon is told none of it. */
export const secrets = {
  compressorBatch: 'C24-117',
  mainboardBatch: 'M7-03',
  /** A new resin: its door seals shrink at the corners the more the mould is colder than `sealTemperature`. */
  sealBatch: 'DS-0302',
  /** °C */
  sealTemperature: 55,
} as const

export const mould = { equipment: 'IM-07', parameter: 'mould_temperature' } as const

/** A batch that the plant has, or gets. */
export interface Delivery {
  readonly component: Component
  readonly batch: string
  readonly quantity: number
  /** After the start (ms); 0 is in stock. */
  readonly after: number
}

export const deliveries: readonly Delivery[] = [
  { component: 'compressor', batch: 'C24-115', quantity: 900, after: 0 },
  { component: 'compressor', batch: 'C24-116', quantity: 900, after: 0 },
  { component: 'compressor', batch: secrets.compressorBatch, quantity: 600, after: 2 * day + 6 * hour },
  { component: 'compressor', batch: 'C24-118', quantity: 900, after: 6 * day },
  { component: 'mainboard', batch: 'M7-01', quantity: 1500, after: 0 },
  { component: 'mainboard', batch: 'M7-02', quantity: 1500, after: 0 },
  { component: 'mainboard', batch: secrets.mainboardBatch, quantity: 400, after: 4.5 * day },
  { component: 'door_seal', batch: 'DS-0301', quantity: 480, after: 0 },
  { component: 'door_seal', batch: secrets.sealBatch, quantity: 3000, after: 3.5 * day },
]

/** The plant as it stands on the first morning. */
export const floor: FloorSetup = {
  batches: deliveries
    .filter(({ after }) => after === 0)
    .map(({ batch, component, quantity }) => ({ batch, component, quantity })),
  orders: models.map(({ order, model }) => ({ id: order, model, status: 'released', quantity: 600 })),
  equipment: [
    {
      id: mould.equipment,
      parameters: {
        [mould.parameter]: { value: 52, unit: 'Cel', low: 48, high: 60, maxStep: 3, dwellSeconds: 1800 },
      },
    },
  ],
}
