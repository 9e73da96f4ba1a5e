import { join } from 'node:path'

/**
 * @typedef {import('@andon/core').Action} Action
 * @typedef {import('@andon/core').Signal} Signal
 * @typedef {import('@andon/testkit').PlantState} PlantState
 */

/** @param {string} a @param {string} b */
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0)
/** @template T @param {readonly T[]} items @param {(item: T) => string} key */
const sorted = (items, key) => [...items].sort((a, b) => byText(key(a), key(b)))

/**
 * Everything that a run left on disk and in the plant, without what legitimately differs from run to run.
 *
 * @param {typeof import('@andon/core')} core
 * @param {string} data folder
 * @param {PlantState} plant
 */
export async function resultOf(core, data, plant) {
  const store = core.sqliteStore({ path: join(data, 'andon.db') })
  await store.open()
  try {
    const all = { limit: 1_000_000 }
    return {
      signals: sorted(await store.signals.list(all), ({ id }) => id).map(signalOf),
      actions: sorted(await store.actions.list(all), ({ id }) => id).map(actionOf),
      hourly: await store.aggregates(),
      quarantine: sorted(await store.quarantine.list(all), ({ id }) => id),
      // Offsets differ: ticks are entries, too, and come on real time. Order, instants and content must not.
      journal: (await store.journal.read(1, 10_000_000)).flatMap((entry) =>
        entry.kind === 'tick' ? [] : [{ at: entry.at, feedback: entry.feedback, raw: entry.raw.sha256 }],
      ),
      plant: plantOf(plant),
    }
  } finally {
    await store.close()
  }
}

/** Containment happens when the plant has answered, after any number of retries: its instants are the plant's. */
function signalOf(/** @type {Signal} */ signal) {
  if (signal.verification === undefined) return signal
  const { updatedAt: _, verification, ...rest } = signal
  return { ...rest, verification: { minimumEffect: verification.minimumEffect } }
}

/**
 * How often an action was tried and when depends on the faults that it met; the plant numbers its documents
 * in the order of arrival, and a note quotes that number. All else is the finding's.
 */
function actionOf(/** @type {Action} */ action) {
  const { attempts: _a, updatedAt: _u, dueAt: _d, note: _n, receipt, decisions, before, ...rest } = action
  return {
    ...rest,
    decided: decisions.map(({ by, outcome }) => `${by} ${outcome}`),
    before: before?.map(({ fields }) => fields.value),
    done: receipt !== undefined,
    confirmed: receipt?.proof?.confirmed ?? null,
  }
}

/**
 * The plant stands on a clock that does not move. What remains is the order of arrival: in lists, in document
 * numbers, and in which of several holds came first.
 */
function plantOf(/** @type {PlantState} */ { batches, orders, equipment, units, ...notices }) {
  const { notifications, inspections, messages, actions } = notices
  const unnumbered = (/** @type {readonly { id: string, createdBy: string | null }[]} */ documents) =>
    sorted(documents, ({ createdBy }) => createdBy ?? '').map(({ id: _, ...rest }) => rest)
  return {
    batches: batches.map(({ heldBy: _h, reason: _r, holds, quotes, ...rest }) => ({
      ...rest,
      holds: sorted(holds, ({ action }) => action ?? ''),
      quotes: sorted(quotes, (quote) => JSON.stringify(quote)),
    })),
    orders: sorted(orders, ({ id, createdBy }) => createdBy ?? id).map(({ id, ...rest }) =>
      rest.kind === 'rework' ? rest : { id, ...rest },
    ),
    equipment,
    units,
    notifications: unnumbered(notifications),
    inspections: unnumbered(inspections),
    messages: unnumbered(messages),
    actions: sorted(actions, ({ id }) => id).map(({ id, request, quotes, at }) => ({
      id,
      request,
      quotes,
      at,
    })),
  }
}
