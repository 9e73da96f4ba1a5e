import { digitalManufacturing } from '@andon/connector-sap'
import { type Action, type Receipt, silentLogger } from '@andon/core/connector'
import { type DigitalManufacturing, type SimulatorFault, startDigitalManufacturing } from '@andon/testkit'
import { books, type Thing, textIn, thing } from './digital-manufacturing-books.ts'
import type { Asked, Dice, StartSystem } from './system.ts'

const units = ['U-1', 'U-2', 'U-3'] as const
const lots = ['LOT-1', 'LOT-2'] as const
const stocks = ['INV-1A', 'INV-1B', 'INV-2'] as const
const orders = ['1000', '3000'] as const
/** Of order 1000: they are reworked. */
const reworked = ['R-1', 'R-2'] as const
const setPoint = 'IM-1/TEMPERATURE'
const plant = 'P001'

const faults: readonly SimulatorFault[] = [
  ...([
    '401',
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
  ...(['truncated', 'half-json', 'etag-stale', 'token-expired', 'schedule-failed'] as const),
]

function asked(dice: Dice): Asked {
  const reason = 'storm'
  const kind = dice.pick([
    ...([
      'material.hold',
      'material.hold',
      'material.hold',
      'material.release',
      'quality.notification',
    ] as const),
    ...(['schedule.prioritise', 'schedule.prioritise', 'schedule.rework', 'parameter.adjust'] as const),
  ])
  switch (kind) {
    case 'schedule.prioritise':
      return {
        kind,
        params: {
          order: dice.chance(0.1) ? '2000' : dice.pick(orders),
          priority: dice.pick([1, 3, 5, 7]),
          reason,
        },
      }
    case 'schedule.rework':
      return { kind, params: { order: '1000', reason } }
    case 'quality.notification':
      return { kind, params: { title: 'Cooling failures in a storm' } }
    case 'parameter.adjust': {
      const high = dice.chance(0.1) ? 215 : 240
      return {
        kind,
        params: {
          ...{
            equipment: 'IM-1',
            parameter: 'TEMPERATURE',
            to: dice.pick([216, 220, 224, 228]),
            unit: 'Cel',
          },
          ...{ low: 200, high, max_step: 40, reason },
        },
      }
    }
    default: {
      if (dice.chance(0.5))
        return { kind, params: { batch: dice.chance(0.05) ? 'NOBODYS' : dice.pick(lots), reason } }
      const [one, other] = [dice.pick(units), dice.pick(units)]
      return { kind, params: { serials: dice.chance(0.5) ? [one] : [one, other], reason } }
    }
  }
}

/** One plant of Digital Manufacturing with its target. */
export const startDigitalManufacturingStorm: StartSystem = async ({ seed, clock, timeoutMs }) => {
  const dm = await startDigitalManufacturing({
    ...{ seed, clock },
    oauth: { clientId: 'sb-andon!b1|dm', clientSecret: 'storm-secret', expiresInSeconds: 60 },
    floor: {
      plant,
      sfcs: [
        ...units.map((sfc) => ({ sfc })),
        ...reworked.map((sfc) => ({ sfc, order: '1000' })),
        // Whom the sample quotes of the actions name.
        ...Array.from({ length: 20 }, (_, index) => ({ sfc: `KX500-${String(index).padStart(6, '0')}` })),
      ],
      orders: [{ order: '1000' }, { order: '2000', executionStatus: 'ACTIVE' }, { order: '3000' }],
      stocks: stocks.map((inventoryId) => ({
        ...{ inventoryId, material: 'MAT-FAN', batchNumber: inventoryId === 'INV-2' ? 'LOT-2' : 'LOT-1' },
      })),
      setPointGroups: [
        {
          ...{ setPointGroup: 'MOULD', resource: 'IM-1' },
          parameters: [
            { parameter: 'TEMPERATURE', numericValue: 220, lowerLimitValue: 200, upperLimitValue: 240 },
          ],
        },
      ],
      nonconformanceCodes: { ANDON: ['ANDON_RECORD', 'ANDON_WORDS'] },
      orderCustomFields: ['ANDON'],
      routings: [{ routing: 'REWORK' }],
    },
  })
  const things = new Map<string, Thing>([
    ...units.map((name) => [name, thing(name, 'free', 'held')] as const),
    ...stocks.map((name) => [name, thing(name, 'UNRESTRICTED')] as const),
    ...orders.map((name) => [`order ${name}`, thing(`order ${name}`, '2026-01-10T06:00:00Z')] as const),
    ...reworked.map((name) => [name, thing(name, 'ASSEMBLY')] as const),
    [setPoint, thing(setPoint, '220')],
  ])
  const named = (...names: readonly string[]): readonly Thing[] =>
    names.flatMap((name) => things.get(name) ?? [])
  const notifications = new Map<string, 'OPEN' | 'CLOSED'>()
  const receipts = new Map<string, { readonly action: Action; readonly reference: string }>()
  const problems: string[] = []
  let movedByPeople = 0

  function thingsOf({ kind, params }: Action): readonly Thing[] {
    switch (kind) {
      case 'schedule.prioritise':
        return named(`order ${params.order}`)
      case 'schedule.rework':
        return named(...reworked)
      case 'parameter.adjust':
        return named(setPoint)
      case 'quality.notification':
        return []
      default:
        if (Array.isArray(params.serials)) return named(...new Set(params.serials.map(String)))
        return named(...(params.batch === 'LOT-2' ? ['INV-2'] : ['INV-1A', 'INV-1B']))
    }
  }
  function meaning({ kind, params }: Action, receipt: Receipt): string {
    switch (kind) {
      case 'schedule.prioritise':
        return textIn(receipt, 'askedFor')
      case 'schedule.rework':
        return 'REWORK'
      case 'parameter.adjust':
        return String(params.to)
      case 'material.hold':
        return params.batch === undefined ? 'held' : 'BLOCKED'
      default:
        return params.batch === undefined ? 'free' : 'UNRESTRICTED'
    }
  }

  return {
    simulator: dm,
    faults,
    open: () =>
      digitalManufacturing({
        ...{ url: dm.url, plant, timeoutMs },
        auth: {
          ...{ kind: 'oauth2', tokenUrl: dm.tokenUrl, clientId: dm.clientId, clientSecret: dm.clientSecret },
        },
        nonconformance: { code: 'ANDON', wordsFields: ['ANDON_WORDS'] },
        stock: { commentsLength: 4_000 },
        schedule: { customFieldLength: 4_000 },
        rework: { routing: 'REWORK', version: 'A' },
        parameters: { [setPoint]: { setPointGroup: 'MOULD', version: 'A', unit: 'Cel' } },
      }),
    next: asked,
    people(dice) {
      const one = named(dice.pick([...units, ...stocks, 'order 1000', 'order 3000', setPoint]))[0]
      if (one === undefined || !books.peopleMay(one)) return
      movedByPeople += 1
      const to = changedByPeople(dm, one, movedByPeople)
      if (to !== undefined) books.people(one, to)
    },
    did(action, receipt) {
      receipts.set(action.id, { action, reference: receipt.reference })
      if (receipt.proof?.confirmed !== true) problems.push(`${action.id}: the receipt does not confirm it`)
      if (action.kind === 'quality.notification') notifications.set(action.id, 'OPEN')
      books.did(action, meaning(action, receipt), thingsOf(action))
    },
    undid(action) {
      receipts.delete(action.id)
      if (action.kind === 'quality.notification') notifications.set(action.id, 'CLOSED')
      books.undid(action, thingsOf(action))
    },
    refused: () => undefined,
    async differences(target) {
      const found = [...problems, ...standing(dm, [...things.values()]), ...records(dm, notifications)]
      for (const { action, reference } of receipts.values()) {
        const context = { signal: new AbortController().signal, clock, logger: silentLogger }
        const known = await target.lookUp(action, context)
        if (known?.reference !== reference)
          found.push(`${action.id}: looked up as ${known?.reference}, not ${reference}`)
      }
      return found
    },
  }
}

/** Another state than it has, set past all faults; undefined where DM does not let people do it. */
function changedByPeople(
  dm: DigitalManufacturing,
  { name, stands }: Thing,
  times: number,
): string | undefined {
  if (name.startsWith('order ')) {
    const start = `2026-03-01T${String(times % 24).padStart(2, '0')}:${String(times % 60).padStart(2, '0')}:00Z`
    const body = { plant, order: name.slice(6), dateTime: start }
    return dm.byHand('POST', '/reo/v1/rescheduleOrder', body).status === 200 ? start : undefined
  }
  if (name === setPoint) {
    const value = 201 + (times % 12)
    const parameters = [
      ...[{ dataType: 'NUMERIC', parameter: 'TEMPERATURE', resource: 'IM-1', numericValue: value }],
    ]
    dm.byHand('PATCH', '/setpoint/v3/groups', { plant, setPointGroup: 'MOULD', version: 'A', parameters })
    dm.byHand('POST', '/setpoint/v3/write', { plant, resource: 'IM-1' })
    return String(value)
  }
  if (name.startsWith('INV-')) {
    const stock = dm.state().stocks.find(({ inventoryId }) => inventoryId === name)
    const status = stands === 'UNRESTRICTED' ? 'BLOCKED' : 'UNRESTRICTED'
    const body = { status, lastModifiedDateTime: stock?.modifiedDateTime }
    return dm.byHand('PATCH', `/inventory/v2/inventories/${name}?plant=${plant}`, body).status === 200
      ? status
      : undefined
  }
  const verb = stands === 'free' ? 'hold' : 'release'
  const { status } = dm.byHand('POST', `/sfc/v1/sfcs/${verb}`, { plant, sfcs: [name] })
  if (status !== 200) return undefined
  return verb === 'hold' ? 'held' : 'free'
}

/** Things that do not stand as they should, or were changed more or less often. */
function standing(dm: DigitalManufacturing, things: readonly Thing[]): readonly string[] {
  const { sfcs, stocks: all, orders: every, setPointGroups, indicators, changes } = dm.state()
  const is = (name: string): string => {
    if (name.startsWith('order ')) {
      return every.find(({ order }) => `order ${order}` === name)?.scheduledStartDate ?? ''
    }
    if (name === setPoint) return String(setPointGroups[0]?.parameters[0]?.numericValue)
    if (name.startsWith('INV-')) return all.find(({ inventoryId }) => inventoryId === name)?.status ?? ''
    const unit = sfcs.find(({ sfc }) => sfc === name)
    if (name.startsWith('R-')) return unit?.routing.routing ?? ''
    return unit?.status === 'HOLD' ? 'held' : 'free'
  }
  const found = things.flatMap(({ name, stands, turns }) => {
    // A minute more or less is the same start, and then it is not moved again.
    if (name.startsWith('order ')) {
      const away = Math.abs(Date.parse(is(name)) - Date.parse(stands))
      return away < 120_000 ? [] : [`${name} starts ${is(name)}, the receipts say ${stands}`]
    }
    const times = changes.filter(
      ({ object, what, from, to }) =>
        object === name && from !== to && what !== 'indicator.value' && !what.startsWith('nonconformance'),
    ).length
    return [
      ...(is(name) === stands ? [] : [`${name} is ${is(name)}, the receipts say ${stands}`]),
      ...(times === turns ? [] : [`${name} was changed ${times} times, the receipts say ${turns}`]),
    ]
  })
  const machine = String(indicators[setPoint])
  return machine === is(setPoint)
    ? found
    : [...found, `the machine runs with ${machine}, DM says ${is(setPoint)}`]
}

/** Records that an action has made twice, and notifications that are not as the receipts say. */
function records(dm: DigitalManufacturing, notifications: ReadonlyMap<string, string>): readonly string[] {
  const seen = new Set<string>()
  const found: string[] = []
  for (const { sfc, state, comments, dataFields } of dm.state().nonconformances) {
    const record: unknown = JSON.parse(dataFields.find(({ key }) => key === 'ANDON_RECORD')?.value ?? '{}')
    const { action, kind } = Object(record)
    if (comments.includes(':refused')) continue
    const key = `${action} on ${sfc}`
    if (seen.has(key)) found.push(`two records of ${key}`)
    seen.add(key)
    const wanted = kind === 'quality.notification' ? notifications.get(String(action)) : undefined
    if (wanted !== undefined && wanted !== state)
      found.push(`the notification of ${key} is ${state}, not ${wanted}`)
  }
  for (const id of notifications.keys()) {
    if (![...seen].some((key) => key.startsWith(`${id} on `))) found.push(`${id} has no notification`)
  }
  return found
}
