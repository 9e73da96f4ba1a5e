import { s4hana } from '@andon/connector-sap'
import type { Action, JsonObject } from '@andon/core/connector'
import { silentLogger, systemClock } from '@andon/core/connector'
import { sampleAction, type TargetFault, type TargetGiven } from '@andon/testkit'
import type { CdsChange, CdsFill, CdsServer } from './cds-server.js'

/** So many of everything: each action of a suite finds something of its own. */
const count = 200
const indices = Array.from({ length: count }, (_, index) => index)
const freeBatch = (index: number): string => `C-${index}`
const heldBatch = (index: number): string => `R-${index}`
const orderNumber = (index: number): string => String(1_000_000 + index)
const secret = 'planted-password-2'

const issuedTo = (order: string, batch: string, document: string) => ({
  ...{ MaterialDocumentYear: '2026', MaterialDocument: document, MaterialDocumentItem: '0001' },
  ...{ Material: 'COMPRESSOR', Plant: '1010', StorageLocation: '101A', Batch: batch },
  ...{ GoodsMovementType: '261', ManufacturingOrder: order, QuantityInEntryUnit: '2', EntryUnit: 'PC' },
})

/** Batches that are free and batches that are restricted, orders, and two units with one of the batches in them. */
export const cdsPlant: CdsFill = {
  Batch: [
    ...indices.map((index) => ({ Material: 'COMPRESSOR', Batch: freeBatch(index) })),
    ...indices.map((index) => ({
      ...{ Material: 'COMPRESSOR', Batch: heldBatch(index), MatlBatchIsInRstrcdUseStock: true },
    })),
  ],
  Stock: indices.map((index) => ({
    ...{ Material: 'COMPRESSOR', Plant: '1010', StorageLocation: '101A', Batch: freeBatch(index) },
    ...{ InventoryStockType: '01', MaterialBaseUnit: 'PC', MatlWrhsStkQtyInMatlBaseUnit: '120.5' },
  })),
  ProductionOrder: indices.map((index) => ({
    ...{ ManufacturingOrder: orderNumber(index), ManufacturingOrderType: 'YBM1', Material: 'FRIDGE' },
    ...{ ProductionPlant: '1010', ManufacturingOrderImportance: '5', LastChangeDateTime: '20260301080000' },
    ...{ MfgOrderPlannedStartDate: '2026-03-02', MfgOrderPlannedEndDate: '2026-03-03', TotalQuantity: '10' },
    ...{ OrderLongText: '' },
  })),
  MaterialDocumentHeader: ['1', '2'].map((document) => ({
    ...{ MaterialDocumentYear: '2026', MaterialDocument: document, GoodsMovementCode: '03' },
  })),
  MaterialDocumentItem: [
    issuedTo(orderNumber(0), freeBatch(0), '1'),
    {
      ...issuedTo(orderNumber(0), 'F-0', '2'),
      ...{ Material: 'FRIDGE', GoodsMovementType: '101' },
    },
  ],
  SerialNumber: ['KX-1', 'KX-2'].map((serial) => ({
    ...{ Material: 'FRIDGE', SerialNumber: serial, MaterialDocumentYear: '2026' },
    ...{ MaterialDocument: '2', MaterialDocumentItem: '0001' },
  })),
}

const paramsOf = (kind: string, index: number): JsonObject => {
  const reason = 'cooling failures'
  switch (kind) {
    case 'material.hold':
      return { batch: freeBatch(index), component: 'compressor', reason }
    case 'material.release':
      return { batch: heldBatch(index), component: 'compressor', reason }
    case 'schedule.prioritise':
      return { order: orderNumber(index), priority: 1, reason }
    case 'schedule.rework':
      return { batch: freeBatch(index), quantity: 12, reason }
    case 'inspection.request':
      return { batch: freeBatch(index), sample_size: 8, reason }
    default:
      return { title: 'Cooling failures', text: '制冷故障', product_model: 'FRIDGE' }
  }
}

/** The request that has the effect of the kind: not the record of it that comes before. */
const decisive: Readonly<Record<string, string>> = {
  'material.hold': 'API_BATCH_SRV/$batch',
  'material.release': 'API_BATCH_SRV/$batch',
  'schedule.prioritise': 'API_PRODUCTION_ORDER_2_SRV/$batch',
  'schedule.rework': '/A_ProductionOrder_2',
  'inspection.request': '/A_InspectionLot',
  'quality.notification': '/QualityNotification',
}

const textOf = (change: CdsChange): string => JSON.stringify(change.after)

/** How often the action had its effect, by what was committed in the server. */
function effectsIn(changes: readonly CdsChange[], { id, kind, params }: Action): number {
  const written = changes.filter((change) => change.kind === 'created' && textOf(change).includes(id))
  const records = written.filter(({ set }) => set === 'QualityNotification')
  switch (kind) {
    case 'material.hold':
    case 'material.release':
      return changes.filter(
        ({ set, before, after }) =>
          set === 'Batch' &&
          before?.Batch === params.batch &&
          after.MatlBatchIsInRstrcdUseStock === (kind === 'material.hold') &&
          before?.MatlBatchIsInRstrcdUseStock !== after.MatlBatchIsInRstrcdUseStock,
      ).length
    case 'schedule.prioritise':
      return changes.filter(
        ({ set, before, after }) =>
          set === 'A_ProductionOrder_2' &&
          before?.ManufacturingOrder === params.order &&
          after.ManufacturingOrderImportance === '1',
      ).length
    case 'schedule.rework':
      return written.filter(({ set }) => set === 'A_ProductionOrder_2').length
    case 'inspection.request':
      return changes.filter(
        (change) =>
          change.set === 'A_InspectionLot' &&
          change.kind === 'created' &&
          records.some(({ after }) => textOf(change).includes(String(after.QualityNotification))),
      ).length
    default:
      return records.length
  }
}

const opposite: Readonly<Record<string, string>> = {
  'material.hold': 'material.release',
  'material.release': 'material.hold',
}

let used = 0

/** The S/4HANA target over a server that runs; what an action uses nobody else uses. */
export function cdsGiven(server: CdsServer, hold: 'restrict' | 'stock-transfer' = 'restrict'): TargetGiven {
  const actions = new Map<string, Action>()
  let last = 'material.hold'
  const options = (url: string) => ({
    ...{ url, client: '100', plant: '1010', timeoutMs: 1_000, hold },
    auth: { kind: 'basic', username: 'ANDON', password: secret } as const,
    materials: { compressor: 'COMPRESSOR' },
    rework: { orderType: 'ZRW1' },
    inspection: { withdrawal: { selectedSet: 'UD', codeGroup: '01', code: 'A' } },
  })
  const make = () => s4hana(options(server.url))
  const target = make()
  const opened = [target]
  const actionOf = (kind: string, more: Partial<Action> = {}): Action => {
    used += 1
    last = kind
    const action = sampleAction(used, {
      ...{ id: `${kind}-动作-${used}`, kind, params: paramsOf(kind, used) },
      ...more,
    })
    actions.set(action.id, action)
    return action
  }
  const known = (id: string): Action => actions.get(id) ?? sampleAction(0, { id })
  return {
    target,
    action: (kind) => actionOf(kind),
    effects: async (id) => effectsIn(await server.changes(), known(id)),
    async reversals(id) {
      const action = known(id)
      const kind = opposite[action.kind] ?? action.kind
      return effectsIn(await server.changes(), { ...action, kind })
    },
    async kept(id) {
      const written = (await server.changes()).filter((change) => textOf(change).includes(id))
      const texts = written.flatMap(({ after }) => [
        after._QltyNotificationLongText,
        after._QualityNotificationItem,
      ])
      return texts.map(allText).join('\n')
    },
    inject: (fault: TargetFault) => server.fault({ fault, path: decisive[last] ?? '/' }),
    refused: () => actionOf('material.hold', { params: { batch: 'NOBODY', reason: 'unknown' } }),
    traceable: () => ({ batch: freeBatch(0), serials: ['KX-1', 'KX-2'] }),
    async restart() {
      const other = make()
      opened.push(other)
      return other
    },
    badOptions: [
      { option: 's4hana.plant', create: () => s4hana({ ...options(server.url), plant: '10100' }) },
    ],
    failure: {
      secret,
      // Nobody is there.
      provoke: () =>
        s4hana(options('http://127.0.0.1:1')).execute(actionOf('material.hold'), {
          ...{ attempt: 1, signal: new AbortController().signal, clock: systemClock, logger: silentLogger },
        }),
    },
    async dispose() {
      for (const one of opened) await one.close()
    },
  }
}

function allText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null ? Object.values(value).map(allText).join('\n') : ''
}
