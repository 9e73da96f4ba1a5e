import { defineTarget } from '@andon/core'
import type { Action, Observation, Subject, Target } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'

/** One value that a machine's parameter took, when, and by whose action. */
export interface Change {
  readonly equipment: string
  readonly parameter: string
  readonly from: number
  readonly to: number
  readonly at: number
  readonly action: string
}

/** How the next call that would change something goes wrong. */
export type Trouble = 'down' | 'done-but-silent' | 'refuse' | 'not-done'

export interface Machines {
  readonly target: Target
  /** Every change of every parameter, oldest first. */
  readonly changes: readonly Change[]
  /** Action ids in the order in which they were begun. */
  readonly begun: readonly string[]
  /** The most calls that were under way at once, on one machine and on all. */
  readonly most: { readonly perMachine: number; readonly all: number }
  value(equipment: string, parameter: string): number | undefined
  /** As an operator at the machine would. */
  set(equipment: string, parameter: string, value: number): void
  trouble(next: () => Trouble | undefined): void
}

export interface MachinesOptions {
  /** Equipment → parameter → value at the beginning; unit `Cel`. */
  readonly values: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly now: () => number
  /** Runs before each change, for calls that take time. */
  readonly work?: () => Promise<void>
  /** False: it cannot say how a parameter stands. */
  readonly observes?: boolean
}

/**
 * Machines that do whatever they are told: no limits of their own, so that only those of Andon hold. The effect of one
 * action id happens once, as the contract asks.
 */
export function machines({
  values,
  now,
  work = async () => undefined,
  observes = true,
}: MachinesOptions): Machines {
  const stands = new Map<string, number>()
  for (const [equipment, parameters] of Object.entries(values)) {
    for (const [name, value] of Object.entries(parameters)) stands.set(`${equipment}/${name}`, value)
  }
  const changedAt = new Map<string, number>()
  const changes: Change[] = []
  const begun: string[] = []
  const deeds = new Map<string, { reference: string; previousValue: number }>()
  const under = new Map<string, number>()
  const most = { perMachine: 0, all: 0 }
  let next: () => Trouble | undefined = () => undefined

  const down = (): AndonError =>
    new AndonError('TARGET_UNAVAILABLE', { details: { target: 'machines', problem: 'it is down' } })

  async function write(id: string, { params }: Action, to: number, attempt: number) {
    const [equipment, parameter] = [String(params.equipment), String(params.parameter)]
    begun.push(id)
    const running = (under.get(equipment) ?? 0) + 1
    under.set(equipment, running)
    most.perMachine = Math.max(most.perMachine, running)
    most.all = Math.max(
      most.all,
      [...under.values()].reduce((sum, count) => sum + count, 0),
    )
    try {
      await work()
      const trouble = next()
      if (trouble === 'down') throw down()
      if (trouble === 'refuse') {
        throw new AndonError('TARGET_REFUSED', {
          details: { target: 'machines', problem: 'it was asked to' },
        })
      }
      const known = deeds.get(id)
      if (known !== undefined)
        return { reference: known.reference, proof: { ...known }, alreadyDone: attempt > 1 }
      const key = `${equipment}/${parameter}`
      const from = stands.get(key) ?? 0
      const deed = { reference: `C-${deeds.size + 1}`, previousValue: from }
      deeds.set(id, deed)
      // Writing what stands there already moves nothing.
      if (trouble !== 'not-done' && to !== from) {
        stands.set(key, to)
        changedAt.set(key, now())
        changes.push({ equipment, parameter, from, to, at: now(), action: id })
      }
      if (trouble === 'done-but-silent') throw down()
      return { reference: deed.reference, proof: { ...deed } }
    } finally {
      under.set(equipment, (under.get(equipment) ?? 1) - 1)
    }
  }

  function observe(subject: Subject): Observation {
    if (subject.kind !== 'parameter') return { found: false, fields: {} }
    const key = `${subject.equipment}/${subject.id}`
    const value = stands.get(key)
    if (value === undefined) return { found: false, fields: {} }
    const at = changedAt.get(key)
    return {
      found: true,
      fields: {
        value,
        unit: 'Cel',
        ...(at === undefined ? {} : { secondsSinceChange: (now() - at) / 1000 }),
      },
    }
  }

  const target = defineTarget({
    name: 'machines',
    capabilities: { limits: 'none' },
    handles: ['parameter.adjust'],
    execute: (action, { attempt }) => write(action.id, action, Number(action.params.to), attempt),
    revert: (action, receipt, { attempt }) =>
      write(`${action.id}:revert`, action, Number(receipt.proof?.previousValue), attempt),
    lookUp: async ({ id }) => {
      const deed = deeds.get(id)
      return deed === undefined
        ? undefined
        : { reference: deed.reference, proof: { ...deed }, alreadyDone: true }
    },
    ...(observes
      ? {
          observe: async (subjects: readonly Subject[]) => {
            if (next() === 'down') throw down()
            return subjects.map(observe)
          },
        }
      : {}),
    check: async () => ({ ok: true }),
  })
  return {
    ...{ target, changes, begun, most },
    value: (equipment, parameter) => stands.get(`${equipment}/${parameter}`),
    set: (equipment, parameter, value) => {
      stands.set(`${equipment}/${parameter}`, value)
      changedAt.set(`${equipment}/${parameter}`, now())
    },
    trouble: (given) => {
      next = given
    },
  }
}
