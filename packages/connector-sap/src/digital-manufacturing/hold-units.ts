import type { Action, CallContext, ExecuteContext, Receipt } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import {
  type ActionRecord,
  closeRecords,
  closeRefused,
  logRecord,
  recordOf,
  recordsOf,
} from './action-record.js'
import type { Dm } from './calls/dm.js'
import { heldOf, holdSfcs, releaseSfcs } from './calls/sfc.js'
import { type Deed, markOf, receiptOf, revertMarkOf } from './deed.js'
import { chunksOf, inParallel } from './in-parallel.js'
import type { CheckedDmOptions } from './options.js'
import { dmParams, paramsOf } from './params.js'
import { saidIn, shortened } from './shortened.js'
import { cautious, implied, type Meaning, toRemember, without } from './standing.js'
import { type DmUnit, unitsOf } from './units.js'

const mostAtOnce = 500
/** The length of DM's comments on a hold. */
const commentLength = 2_048
const whole = 'in the nonconformance of this unit'

/** A unit, what Andon's holds and releases mean for it, and the record of this action. */
interface Case {
  readonly unit: DmUnit
  readonly records: readonly MaterialRecord[]
  readonly mine: MaterialRecord | undefined
}

type UnitState = 'held' | 'free'
const states = { hold: 'held', release: 'free' } as const

/** A record of a hold or a release. */
interface MaterialRecord extends Omit<ActionRecord, 'before'>, Meaning<UnitState> {}

const beforeText = ({ before, anew }: Pick<Meaning<UnitState>, 'before' | 'anew'>): string =>
  anew ? `${before}, anew` : before

function materialRecords(records: readonly ActionRecord[]): readonly MaterialRecord[] {
  const meanings = records.flatMap((record): readonly MaterialRecord[] => {
    const verb = record.kind === 'material.hold' ? 'hold' : 'release'
    if (record.kind !== `material.${verb}`) return []
    const before = record.before.startsWith('held') ? 'held' : 'free'
    return [
      { ...record, means: states[verb], before, anew: record.before.endsWith('anew'), active: record.open },
    ]
  })
  return cautious<UnitState, MaterialRecord>(meanings, 'held')
}

/**
 * Holds and releases of single units.
 *
 * DM's holds cannot be looked up by their comments, and a unit that is on hold does not say since when or by whom. So
 * each unit first gets a nonconformance that says which action means it and how it stood without Andon (`free` or
 * `held`); only then is it put on hold. A second try finds that record and goes on from there; a reversal leads to what
 * the actions that are left mean, and without any to how the unit stood before. A closed nonconformance is a reversal
 * that is done. Where people have put a unit on hold or released it since, their decision stands.
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
      const records = materialRecords(await recordsOf(dm, nonconformance, unit.sfc, context))
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
    const remembered = fresh.map(({ unit, records }) => ({
      sfc: unit.sfc,
      before: beforeText(toRemember<UnitState>(records, held.has(unit.sfc) ? 'held' : 'free')),
    }))
    for (const before of new Set(remembered.map((one) => one.before))) {
      const alike = remembered.filter((one) => one.before === before).map(({ sfc }) => sfc)
      for (const [sfc, id] of await logRecord(dm, nonconformance, { action, sfcs: alike, before }, context)) {
        logged.set(sfc, id)
      }
    }
    // What was taken back, or followed by another action, is not done again.
    const stands = ({ mine, records }: Case): boolean =>
      mine === undefined || (mine.active && implied(records) === states[verb])
    const meant = cases.filter(stands).map(({ unit }) => unit.sfc)
    const todo = meant.filter((sfc) => held.has(sfc) !== (verb === 'hold'))
    const comments = shortened(`${markOf(action)}\n${saidIn(action)}`, commentLength, whole).text
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
    const mark = revertMarkOf(action)
    const goals = cases.map(({ mine, records, unit }) => {
      const now = held.has(unit.sfc) ? 'held' : 'free'
      // Somebody has closed the nonconformance in DM: the hold itself still stands.
      const closed = mine?.active === false && !mine.comments.includes(mark)
      const all = closed ? records.map((one) => (one === mine ? { ...one, active: true } : one)) : records
      const one = all.find(({ id }) => id === mine?.id)
      return {
        sfc: unit.sfc,
        now,
        goal: one?.active === true ? without<UnitState, MaterialRecord>(all, one, now) : now,
      }
    })
    const why = `${mark}\n${action.reversal?.reason ?? ''}`.trim()
    const comments = shortened(why, commentLength, 'in the audit log of Andon').text
    const bring = async (what: 'hold' | 'release'): Promise<number> => {
      const todo = goals.filter(({ now, goal }) => now !== goal && goal === states[what])
      await change(
        what,
        todo.map(({ sfc }) => sfc),
        comments,
        context,
      )
      return todo.length
    }
    const changed = (await bring('hold')) + (await bring('release'))
    const closed = await closeRecords(
      dm,
      cases.map(({ mine }) => mine),
      comments,
      context,
    )
    const proof = { units: cases.length, changed, nonconformancesClosed: closed.length }
    return receiptOf(before.reference, proof, changed === 0)
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
