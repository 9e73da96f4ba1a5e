/**
 * What must be the same however many processes did the work, and whatever happened to them.
 *
 * @typedef {object} Result
 * @property {readonly string[]} signals
 * @property {readonly string[]} actions
 * @property {readonly string[]} effects in the plant
 */

/** More than any run has. */
const all = 1_000_000

/**
 * @typedef {object} Told a store or an Andon: both have them
 * @property {Pick<import('@andon/core').SignalDesk, 'list'>} signals
 * @property {Pick<import('@andon/core').ActionDesk, 'list'>} actions
 *
 * @param {Told} told
 * @param {import('@andon/testkit').Plant} plant
 * @returns {Promise<Result>}
 */
export async function resultOf({ signals, actions }, plant) {
  const found = await signals.list({ limit: all })
  const done = await actions.list({ limit: all })
  return {
    signals: found
      .map(({ fingerprint, firings, occurrences, severity, status }) =>
        JSON.stringify({ fingerprint, firings, occurrences, severity, status }),
      )
      .toSorted(),
    actions: done
      .map(({ kind, target, params, status }) => JSON.stringify([kind, target, params, status]))
      .toSorted(),
    effects: effectsOf(plant),
  }
}

/** Holds and notifications, each as often as it is there. @param {import('@andon/testkit').Plant} plant */
function effectsOf(plant) {
  const { batches, notifications } = plant.state()
  const held = batches.flatMap(({ batch, holds }) => holds.map(({ reason }) => `hold ${batch}: ${reason}`))
  const told = notifications.map(({ title }) => `notification: ${title}`)
  return [...held, ...told].toSorted()
}

/**
 * What is lacking and what is too much, a line each and at most 10 for each kind; none: they are equal.
 *
 * @param {Result} wanted
 * @param {Result} got
 * @returns {readonly string[]}
 */
export function differences(wanted, got) {
  return /** @type {const} */ (['signals', 'actions', 'effects']).flatMap((kind) => [
    ...without(wanted[kind], got[kind]).map((line) => `${kind}: lacking ${line}`),
    ...without(got[kind], wanted[kind]).map((line) => `${kind}: too much ${line}`),
  ])
}

/** What stands in `these` more often than in `others`. @param {readonly string[]} these @param {readonly string[]} others */
function without(these, others) {
  /** @type {Map<string, number>} */
  const left = new Map()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  const lacking = these.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
  return lacking.length <= 10 ? lacking : [...lacking.slice(0, 10), `and ${lacking.length - 10} more`]
}
