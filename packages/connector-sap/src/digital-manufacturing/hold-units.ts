import type { Action, CallContext, ExecuteContext, Receipt } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { type ActionRecord, closeRefused, logRecord, recordOf, recordsOf } from './action-record.js'
import type { Dm } from './calls/dm.js'
import { closeNonconformance } from './calls/nonconformance.js'
import { heldOf, holdSfcs, releaseSfcs } from './calls/sfc.js'
import { type Deed, markOf, receiptOf, revertMarkOf } from './deed.js'
import { chunksOf, inParallel } from './in-parallel.js'
import type { CheckedDmOptions } from './options.js'
import { dmParams, paramsOf } from './params.js'
import { type DmUnit, unitsOf } from './units.js'
import { shortened, wordsOf } from './words.js'

const mostAtOnce = 500
/** The length of DM's comments on a hold. */
const commentLength = 2_048
const whole = 'in the nonconformance of this unit'

/** A unit, its records, and the one of this action. */
interface Case {
  readonly unit: DmUnit
  readonly records: readonly ActionRecord[]
  readonly mine: ActionRecord | undefined
}

/**
 * Holds and releases of single units.
 *
 * DM's holds cannot be looked up by their comments, and a unit that is on hold does not say since when or by whom. So
 * each unit first gets a nonconformance that says which action means it and how it stood without Andon (`free` or
 * `held`); only then is it put on hold. A second try finds that record and goes on from there; a reversal releases only
 * what was free before, and what no other hold of Andon still means. A closed nonconformance is a reversal that is done.
 *
 * Inferred: that a nonconformance may be logged for a unit that is on hold (needed for `material.release`, and for a
 * second hold). Where DM does not allow that, it refuses, and so does the target, before anything has changed.
 */
export function holdUnits(dm: Dm, options: CheckedDmOptions, verb: 'hold' | 'release'): Deed {
  const { nonconformance, unitsBy } = options

  async function casesOf(action: Action, context: CallContext): Promise<readonly Case[]> {
    const { serials = [] } = paramsOf(dm.name, dmParams.material, action)
    const units = await unitsOf(dm, unitsBy, serials, context)
    return inParallel(units, async (unit) => {
      const records = await recordsOf(dm, nonconformance, unit.sfc, context)
      return { unit, records, mine: recordOf(records, action) }
    })
  }

  /** All or none, also where they are more than DM takes at once. */
  const change = async (
    what: 'hold' | 'release',
    sfcs: readonly string[],
    comments: string,
    context: CallContext,
  ): Promise<void> => {
    const [call, back] = what === 'hold' ? [holdSfcs, releaseSfcs] : [releaseSfcs, holdSfcs]
    const done: (readonly string[])[] = []
    for (const few of chunksOf(sfcs, mostAtOnce)) {
      try {
        await call(dm, few, comments, context)
      } catch (error) {
        if (isAndonError(error, 'TARGET_REFUSED')) {
          for (const before of done) await back(dm, before, comments, context)
        }
        throw error
      }
      done.push(few)
    }
  }

  async function execute(action: Action, context: ExecuteContext): Promise<Receipt> {
    const cases = await casesOf(action, context)
    const sfcs = cases.map(({ unit }) => unit.sfc)
    const held = await heldOf(dm, sfcs, context)
    const logged = new Map<string, string>()
    const fresh = cases.filter(({ mine }) => mine === undefined)
    for (const before of ['free', 'held']) {
      const alike = fresh.filter((one) => standing(one, held, verb) === before).map(({ unit }) => unit.sfc)
      if (alike.length === 0) continue
      for (const [sfc, id] of await logRecord(dm, nonconformance, { action, sfcs: alike, before }, context)) {
        logged.set(sfc, id)
      }
    }
    // What was taken back is not done again.
    const meant = cases.filter(({ mine }) => mine?.open !== false).map(({ unit }) => unit.sfc)
    const todo = meant.filter((sfc) => held.has(sfc) !== (verb === 'hold'))
    const comments = shortened(`${markOf(action)}\n${wordsOf(action)}`, commentLength, whole).text
    try {
      await change(verb, todo, comments, context)
    } catch (error) {
      if (isAndonError(error, 'TARGET_REFUSED')) {
        const ids = cases.flatMap(({ unit, mine }) => logged.get(unit.sfc) ?? mine?.id ?? [])
        await closeRefused(dm, action, ids, error, context)
      }
      throw error
    }
    const after = todo.length === 0 ? held : await heldOf(dm, sfcs, context)
    return receipt(cases, logged, after, fresh.length === 0 && todo.length === 0)
  }

  function receipt(
    cases: readonly Case[],
    logged: ReadonlyMap<string, string>,
    held: ReadonlySet<string>,
    alreadyDone: boolean,
  ): Receipt {
    const ids = cases.map(({ unit, mine }) => logged.get(unit.sfc) ?? mine?.id ?? '')
    const count = cases.filter(({ unit }) => held.has(unit.sfc)).length
    const proof = {
      ...{ units: cases.length, held: count, nonconformances: ids },
      confirmed: count === (verb === 'hold' ? cases.length : 0),
    }
    return receiptOf(ids[0] ?? '', proof, alreadyDone)
  }

  async function revert(action: Action, before: Receipt, context: ExecuteContext): Promise<Receipt> {
    const cases = await casesOf(action, context)
    const held = await heldOf(
      dm,
      cases.map(({ unit }) => unit.sfc),
      context,
    )
    const undoes = (one: Case): boolean => {
      const { mine, unit } = one
      if (mine === undefined || mine.comments.includes(revertMarkOf(action))) return false
      if (verb === 'release') return mine.before === 'held' && mine.open && !held.has(unit.sfc)
      return mine.before === 'free' && held.has(unit.sfc) && holdsOf(one, action).length === 0
    }
    const todo = cases.filter(undoes).map(({ unit }) => unit.sfc)
    const comments = `${revertMarkOf(action)}\n${action.reversal?.reason ?? ''}`
      .trim()
      .slice(0, commentLength)
    await change(verb === 'hold' ? 'release' : 'hold', todo, comments, context)
    const open = cases.flatMap(({ mine }) => (mine?.open === true ? [mine.id] : []))
    for (const id of open) await closeNonconformance(dm, id, comments, context)
    const proof = { units: cases.length, changed: todo.length, nonconformancesClosed: open.length }
    return receiptOf(before.reference, proof, todo.length === 0)
  }

  return {
    execute,
    revert,
    async lookUp(action, context) {
      const cases = await casesOf(action, context)
      if (cases.every(({ mine }) => mine === undefined)) return undefined
      const sfcs = cases.map(({ unit }) => unit.sfc)
      return receipt(cases, new Map(), await heldOf(dm, sfcs, context), true)
    },
  }
}

/** The holds of Andon that stand: neither taken back nor followed by a release that stands. */
function holdsOf({ records }: Case, but?: Action): readonly ActionRecord[] {
  const released = records.findLastIndex(({ kind, open }) => kind === 'material.release' && open)
  return records
    .slice(released + 1)
    .filter(({ kind, open, action }) => kind === 'material.hold' && open && action !== but?.id)
}

/** How the unit would stand without the holds of Andon; for a release, how it stands. */
function standing(one: Case, held: ReadonlySet<string>, verb: 'hold' | 'release'): 'free' | 'held' {
  if (!held.has(one.unit.sfc)) return 'free'
  const ours = verb === 'hold' && holdsOf(one).some(({ before }) => before === 'free')
  return ours ? 'free' : 'held'
}
