import { type S4HanaOptions, type S4HanaTarget, s4hana } from '@andon/connector-sap'
import type { Action, ExecuteContext } from '@andon/core/connector'
import { silentLogger, systemClock } from '@andon/core/connector'
import {
  type S4Hana,
  type S4HanaOptions as SimulatorOptions,
  sampleAction,
  startS4Hana,
} from '@andon/testkit'
import { actionMark, reversalId } from '../../src/action-mark.js'

const user = 'ANDON'
export const password = 'planted-password-1'

/** As many things of each kind as a test can use up. */
const stock = 40
export const batchNumber = (index: number): string => `C-${index}`
export const orderNumber = (index: number): string => `${1_000_000 + index}`
const indices = Array.from({ length: stock }, (_, index) => index)

/** A plant with batches in stock, restricted ones from 20 on, and orders of importance 5. */
const plant: SimulatorOptions = {
  basic: { user, password },
  batches: indices.map((index) => ({
    material: 'COMPRESSOR',
    batch: batchNumber(index),
    restricted: index >= 20,
  })),
  stock: indices.map((index) => ({ material: 'COMPRESSOR', batch: batchNumber(index), quantity: '120.5' })),
  orders: indices.map((index) => ({ order: orderNumber(index), material: 'FRIDGE', importance: '5' })),
  materials: [{ material: 'KX-500' }],
  movements: [
    ...[0, 1].flatMap((index) => [
      {
        movement: '261',
        material: 'COMPRESSOR',
        batch: batchNumber(index),
        order: orderNumber(index),
        quantity: '2',
      },
      {
        ...{
          movement: '101',
          material: 'FRIDGE',
          batch: `F-${index}`,
          order: orderNumber(index),
          quantity: '2',
        },
        serials: [`KX${index}-1`, `KX${index}-2`],
      },
    ]),
  ],
}

export const options = (url: string): S4HanaOptions => ({
  url,
  client: '100',
  plant: '1010',
  auth: { kind: 'basic', username: user, password },
  timeoutMs: 20_000,
  materials: { compressor: 'COMPRESSOR' },
  rework: { orderType: 'ZRW1' },
  inspection: { withdrawal: { selectedSet: 'UD', codeGroup: '01', code: 'A' } },
})

export interface Given {
  readonly sap: S4Hana
  readonly target: S4HanaTarget
  another(more?: Partial<S4HanaOptions>): S4HanaTarget
  close(): Promise<void>
}

export async function given(
  more: Partial<S4HanaOptions> = {},
  simulator: SimulatorOptions = {},
): Promise<Given> {
  const sap = await startS4Hana({ ...plant, ...simulator })
  const targets: S4HanaTarget[] = []
  const another = (other: Partial<S4HanaOptions> = {}): S4HanaTarget => {
    const target = s4hana({ ...options(sap.url), ...more, ...other })
    targets.push(target)
    return target
  }
  return {
    sap,
    target: another(),
    another,
    async close() {
      for (const target of targets) await target.close()
      await sap.close()
    },
  }
}

export const context = (attempt = 1, more: Partial<ExecuteContext> = {}): ExecuteContext => ({
  ...{ attempt, signal: new AbortController().signal, clock: systemClock, logger: silentLogger },
  ...more,
})

/** A valid action of the kind on the thing with this index. */
export function actionOf(kind: string, index: number, more: Partial<Action> = {}): Action {
  const params: Record<string, Action['params']> = {
    'material.hold': { batch: batchNumber(index), component: 'compressor', reason: 'cooling failure' },
    'material.release': { batch: batchNumber(20 + index), component: 'compressor', reason: 'tested good' },
    'quality.notification': {
      ...{ title: 'Cooling failures of KX-500 in the field', text: 'Five in a day.' },
      ...{ product_model: 'KX-500', batch: batchNumber(index) },
    },
    'schedule.prioritise': { order: orderNumber(index), priority: 1, reason: 'replacements' },
    'schedule.rework': { batch: batchNumber(index), quantity: 12, priority: 2, reason: 'new seals' },
    'inspection.request': { batch: batchNumber(index), sample_size: 8, reason: 'look at the valves' },
  }
  return sampleAction(index, {
    id: `${kind}-${index}`,
    kind,
    target: 's4hana',
    params: params[kind] ?? {},
    ...more,
  })
}

const ours = (sap: S4Hana) => sap.changes.filter((change) => change.user === user)

/** How often an action took effect, as the system itself counts it. */
export function effectsOf(sap: S4Hana, { id, kind, params }: Action): number {
  const mark = actionMark(id)
  const created = (set: string): number =>
    ours(sap).filter(
      (change) =>
        change.kind === 'created' && change.set === set && JSON.stringify(change.after).includes(mark),
    ).length
  const changed = (set: string, key: string, value: unknown, field: string): number =>
    ours(sap).filter(
      (change) =>
        change.kind === 'changed' && change.set === set && change.key[key] === value && field in change.after,
    ).length
  switch (kind) {
    case 'material.hold':
    case 'material.release':
      return ours(sap).filter(
        (change) =>
          change.set === 'Batch' &&
          change.kind === 'changed' &&
          change.key.Batch === params.batch &&
          change.after.MatlBatchIsInRstrcdUseStock === (kind === 'material.hold'),
      ).length
    case 'schedule.prioritise':
      return changed(
        'A_ProductionOrder_2',
        'ManufacturingOrder',
        params.order,
        'ManufacturingOrderImportance',
      )
    case 'schedule.rework':
      return created('A_ProductionOrder_2')
    case 'inspection.request':
      return created('A_InspectionLot')
    default:
      return created('QualityNotification')
  }
}

/** How often the effect of a hold or a release was undone. */
export const reversalsOf = (sap: S4Hana, action: Action): number =>
  effectsOf(sap, { ...action, kind: action.kind === 'material.hold' ? 'material.release' : 'material.hold' })

/** Everything that the system says of an action and of its reversal. */
export const keptOf = (sap: S4Hana, { id }: Action): string =>
  `${sap.kept(actionMark(id))}\n${sap.kept(actionMark(reversalId(id)))}`

/** The request that has the effect of the kind: not the record of it that comes before. */
export const decisive: Readonly<Record<string, { readonly method: string; readonly path: string }>> = {
  'material.hold': { method: 'POST', path: 'API_BATCH_SRV/$batch' },
  'material.release': { method: 'POST', path: 'API_BATCH_SRV/$batch' },
  'quality.notification': { method: 'POST', path: '/QualityNotification' },
  'schedule.prioritise': { method: 'POST', path: 'API_PRODUCTION_ORDER_2_SRV/$batch' },
  'schedule.rework': { method: 'POST', path: '/A_ProductionOrder_2' },
  'inspection.request': { method: 'POST', path: '/A_InspectionLot' },
}
