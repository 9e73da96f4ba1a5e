import { s4hana } from '@andon/connector-sap'
import type { Action } from '@andon/core/connector'
import { targetContract } from '@andon/testkit/vitest'
import {
  actionOf,
  batchNumber,
  context,
  decisive,
  effectsOf,
  given,
  keptOf,
  options,
  password,
  reversalsOf,
} from './support/s4-given.js'

const faults = {
  unavailable: '503',
  'timeout-after-work': 'timeout-after-work',
  'lost-answer': 'cut-after',
} as const

targetContract(async () => {
  const { sap, target, another, close } = await given({ timeoutMs: 800 })
  const actions = new Map<string, Action>()
  let next = 0
  let last = 'material.hold'
  const known = (id: string): Action => actions.get(id) ?? actionOf('material.hold', 0)
  return {
    target,
    action(kind) {
      next += 1
      last = kind
      const action = actionOf(kind, next)
      actions.set(action.id, action)
      return action
    },
    effects: (id) => effectsOf(sap, known(id)),
    reversals: (id) => reversalsOf(sap, known(id)),
    kept: (id) => keptOf(sap, known(id)),
    // What stands in the way of the record that comes first is in the table of kinds and faults.
    inject: (fault) => sap.faults.next(faults[fault], decisive[last] ?? { writes: true }),
    refused() {
      const action = actionOf('material.hold', 0, { params: { batch: 'NOBODY', reason: 'r' } })
      actions.set(action.id, action)
      return action
    },
    traceable: () => ({ batch: batchNumber(0), serials: ['KX0-1', 'KX0-2'] }),
    restart: async () => another(),
    badOptions: [
      { option: 's4hana.url', create: () => s4hana({ ...options('ftp://sap'), url: 'ftp://sap' }) },
      { option: 's4hana.plant', create: () => s4hana({ ...options(sap.url), plant: '10100' }) },
      { option: 's4hana.client', create: () => s4hana({ ...options(sap.url), client: '1' }) },
      {
        option: 's4hana.auth.password',
        create: () => s4hana({ ...options(sap.url), auth: { kind: 'basic', username: 'U', password: '' } }),
      },
      {
        option: 's4hana.importance',
        create: () =>
          s4hana({
            ...options(sap.url),
            importance: { 1: 'A', 2: 'A', 3: 'C', 4: 'D', 5: 'E', 6: 'F', 7: 'G', 8: 'H', 9: 'I' },
          }),
      },
    ],
    failure: {
      secret: password,
      provoke: () => {
        sap.faults.next('401')
        return target.execute(actionOf('material.hold', 1), context())
      },
    },
    dispose: close,
  }
})
