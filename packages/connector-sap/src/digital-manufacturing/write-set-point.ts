import type { Action, CallContext, ExecuteContext, Receipt } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { refused, unavailable } from '../http/failures.js'
import type { Dm } from './calls/dm.js'
import {
  changeGroup,
  type SetPoint,
  type SetPointGroup,
  setPointGroup,
  writeSetPoint,
} from './calls/set-point.js'
import { type Deed, markOf, receiptOf } from './deed.js'
import type { CheckedDmOptions } from './options.js'
import { dmParams, paramsOf } from './params.js'
import { readChanges, type SetPointChange, writeChanges } from './set-point-ledger.js'
import { saidIn } from './shortened.js'
import { chainOf, toRemember, undisturbed, without } from './standing.js'

export type SetPointOptions = NonNullable<CheckedDmOptions['parameters']>

/** Floating point must not refuse a step of exactly the largest size: 0.3 − 0.1 > 0.2. */
const tolerance = 1e-9
/** The custom values that Andon keeps in a group. */
const changesField = 'ANDON'
const wordsField = 'ANDON_WORDS'

/** A set-point as it stands. */
export interface FoundSetPoint {
  readonly group: SetPointGroup
  readonly point: SetPoint
  readonly value: number
}

/** Undefined when it is not among the options, or DM has none such. */
export async function findSetPoint(
  dm: Dm,
  options: SetPointOptions,
  equipment: string,
  parameter: string,
  context: CallContext,
): Promise<FoundSetPoint | undefined> {
  const name = `${equipment}/${parameter}`
  const where = Object.hasOwn(options, name) ? options[name] : undefined
  if (where === undefined) return undefined
  const group = await setPointGroup(dm, where.setPointGroup, where.version, context)
  const point = group?.parameters.find(
    (one) =>
      one.resource === (where.resource ?? equipment) && one.parameter === (where.parameter ?? parameter),
  )
  const value = point?.numericValue
  return group === undefined || point === undefined || value === undefined
    ? undefined
    : { group, point, value }
}

const changesIn = ({ customValues }: SetPointGroup): readonly SetPointChange[] =>
  readChanges(customValues.find(({ attribute }) => attribute === changesField)?.value ?? '')

/** The group with another value, and with what Andon writes down beside it: one request changes both. */
function changed(
  { group, point }: FoundSetPoint,
  value: number,
  changes: readonly SetPointChange[],
  words?: string,
): SetPointGroup {
  const ours: readonly string[] = words === undefined ? [changesField] : [changesField, wordsField]
  return {
    ...group,
    parameters: group.parameters.map((one) => (one === point ? { ...one, numericValue: value } : one)),
    customValues: [
      ...group.customValues.filter(({ attribute }) => !ours.includes(attribute)),
      { attribute: changesField, value: writeChanges(changes) },
      ...(words === undefined ? [] : [{ attribute: wordsField, value: words }]),
    ],
  }
}

/**
 * Changes a set-point in its group, has it written to the machine, and reads it back. The action's mark, the value
 * before and the customers' words go into custom values of the group in the same request as the value, so that a second
 * try sees whether the first one came through. Writing to the machine is repeated until it succeeds: the same value
 * again does no harm.
 *
 * Inferred: that a group takes custom values which were not defined before, and how long they may be. DM does not edit a
 * group that is used in production: it refuses then. What is read back is the set-point of DM and its word that the
 * machine has taken it; DM has no service that reads the machine itself.
 */
export function writeSetPoints(dm: Dm, options: SetPointOptions): Deed {
  async function given(action: Action, context: CallContext) {
    const wanted = paramsOf(dm.name, dmParams.adjust, action)
    const { equipment, parameter } = wanted
    const found = await findSetPoint(dm, options, equipment, parameter, context)
    if (found === undefined) {
      throw refused(
        dm.name,
        {
          en: `${equipment}/${parameter} is not one of the set-points that may be written (parameters)`,
          zh: `${equipment}/${parameter} 不在允许写入的设定值（parameters）之列`,
        },
        new Error('unknown set-point'),
      )
    }
    const changes = changesIn(found.group)
    const ours = changes.filter(({ parameter: name }) => name === found.point.parameter)
    return { wanted, found, changes, ours, mine: ours.find(({ mark }) => mark === markOf(action)) }
  }
  type Given = Awaited<ReturnType<typeof given>>

  async function write({ found: { group, point } }: Given, context: CallContext): Promise<void> {
    const { resource, parameter } = point
    const taken = await writeSetPoint(
      dm,
      { resource, parameter, setPointGroup: group.setPointGroup },
      context,
    )
    if (taken) return
    throw unavailable(
      dm.name,
      {
        en: `machine ${resource} has not taken ${parameter}`,
        zh: `设备 ${resource} 未接受 ${parameter}`,
      },
      new Error('success: false'),
    )
  }

  async function execute(action: Action, context: ExecuteContext): Promise<Receipt> {
    const it = await given(action, context)
    const { wanted, found, changes, ours, mine } = it
    if (mine !== undefined) {
      // Who has changed it since keeps their value.
      if (isLast(ours, mine) && found.value === mine.means) await write(it, context)
      return proved(action, mine, context, true)
    }
    check(dm.name, it, options)
    const made = {
      ...{ mark: markOf(action), parameter: found.point.parameter, means: wanted.to, active: true },
      ...toRemember(ours, found.value),
    }
    await changeGroup(dm, changed(found, wanted.to, [...changes, made], saidIn(action)), context)
    try {
      await write(it, context)
    } catch (error) {
      // A no for good: the set-point does not stay where the machine will never be.
      if (isAndonError(error, 'TARGET_REFUSED')) {
        await changeGroup(dm, changed(found, found.value, changes), context)
      }
      throw error
    }
    return proved(action, made, context, false)
  }

  async function proved(
    action: Action,
    made: SetPointChange,
    context: CallContext,
    again: boolean,
  ): Promise<Receipt> {
    const { wanted, found } = await given(action, context)
    const { setPointGroup: group, version } = found.group
    const proof = {
      ...{ equipment: wanted.equipment, parameter: wanted.parameter, value: found.value, unit: wanted.unit },
      ...{ previousValue: made.before, setPointGroup: group, version, confirmed: found.value === made.means },
    }
    return receiptOf(`${group}/${version}/${made.parameter}`, proof, again)
  }

  async function revert(action: Action, before: Receipt, context: ExecuteContext): Promise<Receipt> {
    const it = await given(action, context)
    const { found, changes, ours, mine } = it
    const proof = (value: number) => ({ value, previousValue: found.value, unit: it.wanted.unit })
    if (mine === undefined) return receiptOf(before.reference, proof(found.value), true)
    if (!mine.active) {
      // Whether the machine was told is not known: the same value again does no harm.
      if (undisturbed(ours, found.value)) await write(it, context)
      return receiptOf(before.reference, proof(found.value), true)
    }
    const last = isLast(ours, mine)
    if (last && !undisturbed(ours, found.value)) throw changedSince(dm.name, it)
    const goal = without<number, SetPointChange>(ours, mine, found.value)
    const undone = changes.map((one) => (one === mine ? { ...one, active: false } : one))
    await changeGroup(dm, changed(found, goal, undone), context)
    if (last) await write(it, context)
    return receiptOf(before.reference, proof(goal), false)
  }

  return {
    execute,
    revert,
    async lookUp(action, context) {
      const { mine } = await given(action, context)
      return mine === undefined ? undefined : proved(action, mine, context, true)
    },
  }

  /** The limits of the action, of the options and of DM: the tightest counts. */
  function check(target: string, { wanted, found }: Given, all: SetPointOptions): void {
    const { equipment, parameter, from, to, unit, low, high, max_step } = wanted
    const known = all[`${equipment}/${parameter}`]
    const lowest = Math.max(low, found.point.lowerLimitValue ?? low)
    const highest = Math.min(high, found.point.upperLimitValue ?? high)
    const step = Math.min(max_step, known?.maxStep ?? max_step)
    const no = (en: string, zh: string): never => {
      throw refused(target, { en, zh }, new RangeError(en))
    }
    if (known?.unit !== unit)
      no(`the unit is ${known?.unit}, not ${unit}`, `单位是 ${known?.unit}，不是 ${unit}`)
    if (to < lowest || to > highest) {
      no(`${to} lies outside ${lowest} … ${highest} ${unit}`, `${to} 超出范围 ${lowest} … ${highest} ${unit}`)
    }
    if (from !== undefined && Math.abs(from - found.value) > tolerance) {
      no(`it stands at ${found.value}, not at ${from}`, `当前值为 ${found.value}，不是 ${from}`)
    }
    if (Math.abs(to - found.value) > step + tolerance) {
      no(
        `a step from ${found.value} to ${to} is larger than ${step}`,
        `从 ${found.value} 到 ${to} 的步长超过 ${step}`,
      )
    }
  }
}

/** It is the one that the set-point stands by. */
const isLast = (ours: readonly SetPointChange[], one: SetPointChange): boolean =>
  chainOf(ours).findLast(({ active }) => active) === one

const changedSince = (target: string, { found }: { readonly found: FoundSetPoint }) =>
  refused(
    target,
    {
      en: `${found.point.parameter} was changed by others since, to ${found.value}: it stays there`,
      zh: `${found.point.parameter} 此后已被他人改为 ${found.value}：保持不变`,
    },
    new Error('changed since'),
  )
