import { webPayload } from '../payloads.mjs'
import { seeded } from '../random.mjs'

/** @typedef {import('@andon/core').RawPayload} RawPayload */
/** @typedef {'hold' | 'adjust' | 'prioritise' | 'rework' | 'inspection' | 'notification' | 'notice'} Verb */

/**
 * @typedef {object} Item one action of the plan: its rule has its name, and only its own reports fulfil it
 * @property {string} name
 * @property {Verb} verb
 * @property {string} subject the batch, machine, order or addressee
 * @property {number} value where it leads: a parameter's value, an order's priority
 * @property {number} reports so many are needed before its rule fires
 * @property {'auto' | 'signed' | 'shadow'} mode
 * @property {number} needs signatures that a signed one waits for
 * @property {number} signs signatures that people give
 * @property {boolean} refused people say no
 * @property {boolean} cancelled people stop it, if they are in time
 * @property {number} reverts people who ask to take it back
 * @property {number} graceMs
 * @property {number | undefined} expiryMs
 * @property {number | undefined} deadlineMs
 * @property {number} patienceMs people look at it so long after it was proposed
 */

/** Where the loop's clock begins. */
export const origin = Date.UTC(2026, 2, 1, 8)
/** Clocks run so much faster than real time. */
export const speed = 60

/** What every adjustment is bound by, and what the machine itself allows. */
export const bounds = { low: 52, high: 68, maxStep: 3, dwellSeconds: 12 }
export const machine = {
  ...{ value: 60, unit: 'Cel', low: 50, high: 70, maxStep: 5, dwellSeconds: 6 },
  restoresAtOnce: false,
}

const batches = ['C-1', 'C-2', 'C-3', 'C-4']
const machines = ['IM-01', 'IM-02', 'IM-03']
const orders = ['O-1', 'O-2', 'O-3']
/** By how often one of them is asked for. */
const verbs = /** @type {const} */ ([
  ...['hold', 'hold', 'hold', 'adjust', 'adjust', 'adjust', 'prioritise', 'prioritise'],
  ...['rework', 'inspection', 'notification', 'notice'],
])

export const floor = {
  batches: batches.map((batch) => ({ batch, component: 'compressor', quantity: 1000 })),
  orders: orders.map((id) => ({ id, model: 'KX-500', priority: 5 })),
  equipment: machines.map((id) => ({ id, parameters: { temperature: machine } })),
}

/** Those that several people must sign before they are taken back. */
export const releaseNeeds = 2

/**
 * 30 to 120 actions of seven kinds, some of them on the same things.
 *
 * @param {number} seed
 * @returns {readonly Item[]}
 */
export function itemsOf(seed) {
  const random = seeded(seed)
  const between = (/** @type {number} */ low, /** @type {number} */ high) =>
    low + Math.floor(random() * (high - low + 1))
  /** @template T @param {readonly T[]} values */
  const pick = (values) => /** @type {T} */ (values[Math.floor(random() * values.length)])
  const chance = (/** @type {number} */ share) => random() < share

  /** @type {Partial<Record<Verb, readonly string[]>>} */
  const others = { adjust: machines, prioritise: orders, notice: ['line-1', 'line-2'] }

  return Array.from({ length: between(30, 120) }, (_, index) => {
    const verb = pick(verbs)
    const reversible = verb !== 'notification' && verb !== 'notice'
    const dice = random()
    const mode = dice < 0.7 ? 'auto' : dice < 0.9 ? 'signed' : 'shadow'
    const needs = between(1, 2)
    const hasGrace = mode === 'auto' && chance(0.2)
    const signs = mode === 'signed' && chance(0.25) ? needs - 1 : needs
    return {
      ...{ name: `a${index}`, verb, mode, needs, signs },
      subject: pick(others[verb] ?? batches),
      value: verb === 'adjust' ? 60 + between(-3, 3) / 2 : between(1, 9),
      reports: chance(0.15) ? 3 : 1,
      refused: mode === 'signed' && chance(0.15),
      cancelled: chance(hasGrace ? 0.5 : 0.1),
      reverts: reversible && chance(0.2) ? between(1, 2) : 0,
      graceMs: hasGrace ? between(10_000, 60_000) : 0,
      expiryMs: reversible && chance(0.2) ? between(20_000, 90_000) : undefined,
      deadlineMs: chance(0.1) ? between(15_000, 90_000) : undefined,
      patienceMs: between(0, 40_000),
    }
  })
}

/** A rule for each action. @param {readonly Item[]} items */
export function rulesOf(items) {
  return items
    .map((item, index) => {
      const { name, reports } = item
      const condition = `fault_code = 'E-${index}'`
      const [what, window] =
        reports === 1
          ? ['*', '']
          : [
              'product_model, COUNT(*) AS reports',
              `GROUP BY product_model WINDOW SLIDING INTERVAL '300 days'
               HAVING COUNT(*) >= ${reports} ONCE PER INTERVAL '300 days'`,
            ]
      return `CREATE RULE ${name} AS SELECT ${what} FROM feedbacks WHERE ${condition} ${window}
        THEN ${requestOf(item)} ON plant WITH PRIORITY ${1 + (index % 9)};`
    })
    .join('\n')
}

/** @param {Item} item */
function requestOf({ name, verb, subject, value }) {
  switch (verb) {
    case 'hold':
      return `material.hold (batch = '${subject}', component = 'compressor', reason = '${name}')`
    case 'adjust':
      return `parameter.adjust (equipment = '${subject}', parameter = 'temperature', to = ${value}, unit = 'Cel',
        low = ${bounds.low}, high = ${bounds.high}, max_step = ${bounds.maxStep},
        dwell = '${bounds.dwellSeconds} seconds', reason = '${name}')`
    case 'prioritise':
      return `schedule.prioritise (order = '${subject}', priority = ${value}, reason = '${name}')`
    case 'rework':
      return `schedule.rework (batch = '${subject}', priority = ${value}, reason = '${name}')`
    case 'inspection':
      return `inspection.request (batch = '${subject}', sample_size = ${value}, reason = '${name}')`
    case 'notification':
      return `quality.notification (title = '${name}', text = 'about ${subject}', batch = '${subject}')`
    case 'notice':
      return `notify (to = '${subject}', text = '${name}')`
  }
}

/**
 * The reports of all actions, shuffled, in batches of about ten; of two tenants.
 *
 * @param {number} seed
 * @param {readonly Item[]} items
 * @returns {readonly (readonly RawPayload[])[]}
 */
export function payloadsOf(seed, items) {
  const random = seeded(seed ^ 0x9a91)
  const all = items.flatMap(({ reports }, index) => {
    const tenant = random() < 0.7 ? 'north' : 'south'
    return Array.from({ length: reports }, (_, report) => {
      const id = (index * 16 + report + 1).toString(16).padStart(32, '0')
      const at = origin - 2 * 86_400_000 + index * 1000 + report
      return { ...webPayload({ id, at, fault: `E-${index}`, serial: `SN-${index}-${report}` }), tenant }
    })
  })
  const shuffled = all
    .map((payload) => ({ payload, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ payload }) => payload)
  return Array.from({ length: Math.ceil(shuffled.length / 10) }, (_, batch) =>
    shuffled.slice(batch * 10, batch * 10 + 10),
  )
}

/** How each action is decided upon. @param {readonly Item[]} items @returns {import('@andon/core').Policy} */
export function policyFor(items) {
  const byName = new Map(items.map((item) => [item.name, item]))
  return ({ action }) => {
    const item = byName.get(action.rule)
    const note = { en: 'As planned.', zh: '按计划。' }
    if (item === undefined) return { status: 'refused', note }
    const { mode, needs, graceMs, expiryMs, deadlineMs } = item
    const status = mode === 'auto' ? 'approved' : mode === 'signed' ? 'awaiting-approval' : 'shadow'
    return {
      ...{ status, note, mode, graceMs },
      ...(mode === 'signed' && { needs: { signatures: [{ count: needs }], ordered: false } }),
      ...(expiryMs !== undefined && { expiryMs }),
      ...(deadlineMs !== undefined && { deadlineMs }),
    }
  }
}
