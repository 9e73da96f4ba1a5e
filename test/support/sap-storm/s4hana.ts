import { s4hana } from '@andon/connector-sap'
import { type Action, silentLogger } from '@andon/core/connector'
import { type SimulatorFault, startS4Hana } from '@andon/testkit'
import {
  type Books,
  comparison,
  documentBooks,
  priorityBooks,
  type RankedOrder,
  rankedByPeople,
  rankedOrder,
} from './s4hana-books.ts'
import { freeBatch, restrictionBooks, transferBooks } from './s4hana-hold-books.ts'
import type { Asked, Dice, StartSystem, StormTarget } from './system.ts'

const batches = ['C-1', 'C-2', 'C-3'] as const
const orders = ['1000', '2000'] as const
const faults: readonly SimulatorFault[] = [
  ...([
    '401',
    '403',
    '404',
    '409',
    '412',
    '428',
    '429',
    '500',
    '503',
    'timeout-before-work',
    'timeout-after-work',
  ] as const),
  ...(['cut-before', 'cut-after', 'error-after-work', 'html-instead-of-json', 'wrong-content-type'] as const),
  ...(['truncated', 'half-json', 'csrf-expired', 'etag-stale', 'token-expired'] as const),
  ...(['batch-change-refused', 'batch-change-failed', 'batch-read-refused', 'batch-read-failed'] as const),
]

function asked(dice: Dice): Asked {
  const reason = 'storm'
  const kind = dice.pick([
    ...([
      'material.hold',
      'material.hold',
      'material.hold',
      'material.release',
      'schedule.prioritise',
    ] as const),
    ...(['schedule.prioritise', 'schedule.rework', 'inspection.request', 'quality.notification'] as const),
  ])
  const batch = dice.chance(0.05) ? 'NOBODY' : dice.pick(batches)
  switch (kind) {
    case 'schedule.prioritise':
      return {
        kind,
        params: {
          order: dice.chance(0.1) ? '9000' : dice.pick(orders),
          priority: dice.pick([1, 2, 3, 4]),
          reason,
        },
      }
    case 'schedule.rework':
      return { kind, params: { batch, quantity: 3, reason } }
    case 'inspection.request':
      return { kind, params: { batch, sample_size: 5, reason } }
    case 'quality.notification':
      return { kind, params: { title: 'Cooling failures in a storm', product_model: 'FRIDGE' } }
    default:
      return { kind, params: { batch, reason } }
  }
}

/** S/4HANA with its target: holds by restriction or by stock transfer, with Basic or OAuth, as the dice fall. */
export const startS4HanaStorm: StartSystem = async ({ seed, dice, clock, timeoutMs }) => {
  const transfer = dice.chance(0.3)
  const oauth = dice.chance(0.5)
  const csrfCache = dice.chance(0.9)
  const client = { clientId: 'andon', clientSecret: 'storm-secret', expiresInSeconds: 60 }
  const restricted = new Map(batches.map((batch) => [batch, freeBatch()]))
  const release = dice.chance(0.5)
  const ranked = new Map<string, RankedOrder>(orders.map((order) => [order, rankedOrder('5')]))
  const s4 = await startS4Hana({
    ...{ seed, clock },
    // Just before a change of ours: people do it first, or something that matters to it.
    somebodyElse(set, row) {
      const own = batches.find((batch) => batch === row.Batch)
      const batch = own && restricted.get(own)
      if (set === 'Batch' && batch !== undefined && !batch.restricted && dice.chance(0.5)) {
        batch.byPeople = true
        batch.restricted = true
        return { MatlBatchIsInRstrcdUseStock: true }
      }
      const order = ranked.get(String(row.ManufacturingOrder))
      if (set !== 'A_ProductionOrder_2' || order === undefined || dice.chance(0.5)) return {}
      rankedByPeople(order, '8')
      return { ManufacturingOrderImportance: '8' }
    },
    ...(oauth ? { oauth: client } : { basic: { user: 'ANDON', password: 'storm-secret' } }),
    batches: batches.map((batch) => ({ material: 'COMPRESSOR', batch })),
    stock: batches.map((batch) => ({ material: 'COMPRESSOR', batch, quantity: '100' })),
    orders: [
      { order: '1000', material: 'FRIDGE', importance: '5' },
      { order: '2000', material: 'FRIDGE', importance: '5', status: 'released' },
      { order: '9000', material: 'FRIDGE', status: 'completed' },
    ],
  })
  const stock = new Map(batches.map((batch) => [batch, { unrestricted: 100, blocked: 0 }]))
  const holds = transfer ? transferBooks(stock) : restrictionBooks(restricted)
  const priorities = priorityBooks(ranked)
  const documents = documentBooks()
  const booksOf = ({ kind }: Action): Books => {
    if (kind.startsWith('material.')) return holds
    return kind === 'schedule.prioritise' ? priorities : documents
  }
  const receipts = new Map<string, { readonly action: Action; readonly reference: string }>()

  return {
    simulator: s4,
    faults,
    open: () =>
      s4hana({
        ...{ url: s4.url, client: '100', plant: '1010', timeoutMs, csrfCache },
        auth: oauth
          ? {
              kind: 'oauth2',
              tokenUrl: s4.tokenUrl,
              clientId: client.clientId,
              clientSecret: client.clientSecret,
            }
          : { kind: 'basic', username: 'ANDON', password: 'storm-secret' },
        hold: transfer ? 'stock-transfer' : 'restrict',
        rework: { orderType: 'ZRW1', release },
        inspection: { withdrawal: { selectedSet: 'UD', codeGroup: '01', code: 'A' } },
      }),
    next: asked,
    people(dice) {
      if (dice.chance(0.5)) {
        const order = dice.pick(orders)
        const value = dice.pick(['6', '7', '8'])
        rankedByPeople(ranked.get(order) ?? rankedOrder(''), value)
        s4.change(
          'A_ProductionOrder_2',
          { ManufacturingOrder: order },
          { ManufacturingOrderImportance: value },
        )
        return
      }
      const batch = dice.pick(batches)
      const own = restricted.get(batch)
      // Beside a hold of ours nobody can tell a hold of people: then they leave it alone.
      if (transfer || own === undefined || own.holders.size > 0) return
      own.byPeople = !own.byPeople
      own.restricted = own.byPeople
      const key = { Material: 'COMPRESSOR', BatchIdentifyingPlant: '', Batch: batch }
      s4.change('Batch', key, { MatlBatchIsInRstrcdUseStock: own.byPeople })
    },
    did(action, receipt) {
      booksOf(action).did(action, receipt)
      receipts.set(action.id, { action, reference: receipt.reference })
    },
    undid: (action, first, receipt) => booksOf(action).undid(action, first, receipt),
    refused: (action) => booksOf(action).refused(action),
    async differences(target) {
      const found = [holds, priorities, documents].flatMap((books) => books.differences(s4))
      return [...found, ...(await lookedUp(target, [...receipts.values()], clock))]
    },
  }
}

/** What was made is found again under the reference of its receipt. */
async function lookedUp(
  target: StormTarget,
  receipts: readonly { readonly action: Action; readonly reference: string }[],
  clock: Parameters<StartSystem>[0]['clock'],
): Promise<readonly string[]> {
  const { found, same } = comparison()
  const documents = ['schedule.rework', 'inspection.request', 'quality.notification']
  for (const { action, reference } of receipts) {
    if (!documents.includes(action.kind)) continue
    const context = { signal: new AbortController().signal, clock, logger: silentLogger }
    same(`look-up of ${action.id}`, (await target.lookUp(action, context))?.reference, reference)
  }
  return found
}
