import type { JsonObject } from '@andon/core/connector'

/** So many of everything: each action of a suite finds something of its own. */
export const many = <T>(make: (index: number) => T): readonly T[] =>
  Array.from({ length: 40 }, (_, index) => make(index))

/** Parameters of each kind for the `index`-th object of the plant. */
export function paramsOf(kind: string, index: number): JsonObject {
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
    case 'case.update':
      return { status: 'in progress', note: reason }
    default:
      return { to: 'production_team', text: 'Look at the compressors' }
  }
}
