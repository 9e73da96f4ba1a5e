import type { ExecuteContext, Receipt } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import type { SimulatorFault } from '@andon/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  contextOf,
  deciding,
  dmAction,
  effectsOf,
  type KindOfCase,
  kinds,
  opened,
  reversalsOf,
  undoing,
} from './dm-floor.js'
import { silenceClock } from './silence-clock.js'

/** What the caller sees of a fault at the request that makes the effect, and how often the effect is there then. */
type Expected =
  /** Nothing: the target gets over it, with one effect. */
  | 'recovers'
  /** An error that may be tried again, with no effect yet. */
  | 'again'
  /** The same, with the effect there: the second try says so. */
  | 'again, done'
  /** An error that may not be tried again, and no effect. */
  | 'refused'

const everywhere: Partial<Record<SimulatorFault, Expected>> = {
  'token-expired': 'recovers',
  '401': 'recovers',
  '403': 'refused',
  '409': 'again',
  '412': 'again',
  '428': 'again',
  '429': 'again',
  '500': 'again',
  'timeout-before-work': 'again',
  'cut-before': 'again',
  'html-instead-of-json': 'again',
  'timeout-after-work': 'again, done',
  'cut-after': 'again, done',
  'error-after-work': 'again, done',
  'wrong-content-type': 'again, done',
  'half-json': 'again, done',
}

/** Where a kind differs: stock is read and decided again when somebody else has changed it. */
const stock: Partial<Record<SimulatorFault, Expected>> = { '409': 'recovers', 'etag-stale': 'recovers' }
const differs: Partial<Record<KindOfCase, Partial<Record<SimulatorFault, Expected>>>> = {
  'material.hold': stock,
  'material.release': stock,
  'schedule.prioritise': { 'schedule-failed': 'refused' },
}
/** A nonconformance is closed with a 204: nothing of the answer is needed. */
const closing: Partial<Record<SimulatorFault, Expected>> = {
  'wrong-content-type': 'recovers',
  'half-json': 'recovers',
}

/** Enough for the way back: it goes through the same code. */
const onTheWayBack: readonly string[] = [
  ...['401', '409', '500', 'etag-stale', 'schedule-failed', 'html-instead-of-json', 'wrong-content-type'],
  ...['timeout-before-work', 'timeout-after-work', 'cut-after', 'half-json'],
]

type Row = readonly [kind: KindOfCase, fault: SimulatorFault, expected: Expected, index: number]

const isFault = (name: string): name is SimulatorFault =>
  name in everywhere || name in stock || name === 'schedule-failed'

/** Each row has things of its own on the floor. */
const rows = (undo: boolean): readonly Row[] =>
  kinds.flatMap((kind) => {
    const special = undo && kind === 'quality.notification' ? closing : {}
    const table = Object.entries({ ...everywhere, ...differs[kind], ...special })
    return table.flatMap(([fault, expected], index): readonly Row[] =>
      isFault(fault) && (!undo || onTheWayBack.includes(fault)) ? [[kind, fault, expected, index]] : [],
    )
  })

type Opened = Awaited<ReturnType<typeof opened>>

/** One floor for all rows. */
function shared(): () => Opened & { readonly context: (attempt: number) => ExecuteContext } {
  let it: Opened | undefined
  beforeAll(async () => {
    it = await opened()
  })
  afterAll(async () => {
    await it?.target.close()
    await it?.dm.close()
  })
  return () => {
    const found = it ?? expect.fail('not opened')
    const clock = silenceClock(found.dm)
    return { ...found, context: (attempt) => contextOf(attempt, { clock }) }
  }
}

async function meets(
  expected: Expected,
  run: (attempt: number) => Promise<Receipt>,
  count: () => number,
): Promise<void> {
  const first = await run(1).catch((error: unknown) => error)
  if (expected === 'recovers') {
    expect(first).toMatchObject({ reference: expect.any(String) })
  } else {
    expect(isAndonError(first), String(first)).toBe(true)
    const code = expected === 'refused' ? 'TARGET_REFUSED' : /^TARGET_(UNAVAILABLE|TIMEOUT)$/
    expect(first).toMatchObject({ code: expect.stringMatching(code), retryable: expected !== 'refused' })
  }
  expect(count()).toBe(expected === 'again' || expected === 'refused' ? 0 : 1)
  if (expected === 'refused') return
  const second = await run(2)
  expect(second.alreadyDone ?? false).toBe(expected !== 'again')
  expect(count()).toBe(1)
}

describe('a fault at the request that makes the effect', () => {
  const given = shared()
  it.each(rows(false))('%s with %s: %s', async (kind, fault, expected, index) => {
    const { dm, target, context } = given()
    const action = dmAction(kind, index)
    dm.faults.next(fault, deciding[kind])
    const execute = (attempt: number) => target.execute(action, context(attempt))
    await meets(expected, execute, () => effectsOf(dm, action))
    expect(dm.faults.waiting, 'the fault was met').toBe(0)
  })
})

describe('a fault at the request that takes the effect back', () => {
  const given = shared()
  it.each(rows(true))('%s with %s: %s', async (kind, fault, expected, index) => {
    const { dm, target, context } = given()
    const action = dmAction(kind, index)
    const receipt = await target.execute(action, context(1))
    dm.faults.next(fault, undoing[kind])
    const revert = (attempt: number) => target.revert(action, receipt, context(attempt))
    await meets(expected, revert, () => reversalsOf(dm, action))
    expect(dm.faults.waiting, 'the fault was met').toBe(0)
    expect(effectsOf(dm, action), 'the effect itself').toBe(
      kind === 'schedule.prioritise' && expected !== 'refused' ? 2 : 1,
    )
  })
})
