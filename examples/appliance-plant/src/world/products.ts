import type { Draw, Some } from '../random.js'

export interface Model {
  readonly model: string
  /** The product line as the company writes it. */
  readonly line: string
  readonly category: string
  /** The listing under which the marketplaces sell it. */
  readonly listing: string
  readonly litres: number
  /** Made on. */
  readonly assemblyLine: string
  readonly order: string
}

const fridge = '冰箱'

export const models: Some<Model> = [
  {
    ...{ model: 'BCD-520W', line: '高端系列', category: fridge, litres: 520 },
    ...{ listing: '6789012345', assemblyLine: 'L2', order: 'PO-520W' },
  },
  {
    ...{ model: 'BCD-620WD', line: '高端系列', category: fridge, litres: 620 },
    ...{ listing: '6789012352', assemblyLine: 'L2', order: 'PO-620WD' },
  },
  {
    ...{ model: 'BCD-330T', line: '经典系列', category: fridge, litres: 330 },
    ...{ listing: '6789012361', assemblyLine: 'L1', order: 'PO-330T' },
  },
]

/** The components whose batches are traced into every unit. */
export const components = ['compressor', 'mainboard', 'door_seal'] as const
export type Component = (typeof components)[number]
export type Batches = Readonly<Record<Component, string>>

export const drawModel = (draw: Draw): Model =>
  draw.weighted([
    [models[0], 4],
    [models[1] ?? models[0], 3],
    [models[2] ?? models[0], 3],
  ])
