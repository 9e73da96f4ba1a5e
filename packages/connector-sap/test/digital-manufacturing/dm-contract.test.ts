import type { Action } from '@andon/core/connector'
import type { SimulatorFault, TargetFault, TargetGiven } from '@andon/testkit'
import { targetContract } from '@andon/testkit/vitest'
import { digitalManufacturing } from '../../src/digital-manufacturing/digital-manufacturing.js'
import {
  contextOf,
  deciding,
  dmAction,
  effectsOf,
  type KindOfCase,
  keptOf,
  kinds,
  opened,
  optionsFor,
  reversalsOf,
  undoing,
} from './dm-floor.js'

const faultOf: Readonly<Record<TargetFault, SimulatorFault>> = {
  unavailable: '503',
  'timeout-after-work': 'timeout-after-work',
  'lost-answer': 'cut-after',
}

/** @param of which of the two forms of a material action: units, or a lot */
const given = (of: 'units' | 'lots') => async (): Promise<TargetGiven> => {
  const { dm, make, target } = await opened()
  const actions = new Map<string, Action>()
  const known = (id: string): Action => {
    const action = actions.get(id)
    if (action === undefined) throw new Error(`no action ${id} was made`)
    return action
  }
  let last: KindOfCase = 'material.hold'
  const named = (kind: string): KindOfCase => {
    const wanted = of === 'units' && kind.startsWith('material.') ? `${kind} of units` : kind
    return kinds.find((one) => one === wanted) ?? 'material.hold'
  }
  const auth = optionsFor(dm).auth
  const wrong = (overrides: object) => () => digitalManufacturing({ ...optionsFor(dm), ...overrides })
  return {
    target,
    action(kind) {
      last = named(kind)
      const action = dmAction(last, actions.size + 1)
      actions.set(action.id, action)
      return action
    },
    effects: (id) => effectsOf(dm, known(id)),
    reversals: (id) => reversalsOf(dm, known(id)),
    kept: (id) => keptOf(dm, known(id)),
    inject(fault) {
      const done = [...actions.values()].at(-1)
      const match = done !== undefined && effectsOf(dm, done) > 0 ? undoing[last] : deciding[last]
      // Before any effect the first thing that is asked for must be turned away as well.
      dm.faults.next(faultOf[fault], match)
    },
    traceable: () => ({ batch: 'C-T', serials: ['T-1', 'T-2'] }),
    refused() {
      const action =
        of === 'units'
          ? dmAction('material.hold of units', 99, { params: { serials: ['U-NOBODY'], reason: 'x' } })
          : dmAction('material.hold', 99, { params: { batch: 'C-ERP', reason: 'x' } })
      actions.set(action.id, action)
      return action
    },
    restart: async () => make(),
    async dispose() {
      await target.close()
      await dm.close()
    },
    badOptions: [
      { option: 'digitalManufacturing.url', create: wrong({ url: 'ftp://dm' }) },
      { option: 'digitalManufacturing.url', create: wrong({ url: 'https://user:secret@dm' }) },
      { option: 'digitalManufacturing.plant', create: wrong({ plant: 'TOO-LONG' }) },
      {
        option: 'digitalManufacturing.auth.clientSecret',
        create: wrong({ auth: { ...auth, clientSecret: '' } }),
      },
      {
        option: 'digitalManufacturing.nonconformance.code',
        create: wrong({ nonconformance: { code: 'lower' } }),
      },
      { option: 'digitalManufacturing.stock.heldStatus', create: wrong({ stock: { heldStatus: 'FREE' } }) },
      { option: 'digitalManufacturing.surprise', create: wrong({ surprise: true }) },
    ],
    failure: {
      secret: dm.clientSecret,
      async provoke() {
        await dm.close()
        await target.execute(dmAction('material.hold', 1), contextOf())
      },
    },
  }
}

targetContract(given('units'))
targetContract(given('lots'))
