import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Action, EffectTest } from '../../src/action/action.js'
import { kindTable } from '../../src/action/kinds/kinds.js'
import { moved } from '../../src/action/life.js'
import type { VerdictName } from '../../src/connector/judge.js'
import { verdicts } from '../../src/connector/judge.js'
import { ruled } from '../../src/engine/ruling.js'
import { signalMoved } from '../../src/signal/life.js'
import type { Signal } from '../../src/signal/signal.js'
import { inTurn } from '../../src/signal/trial.js'
import { begun, containedBy, nextVerification, uncontainedBy } from '../../src/signal/verification.js'

const hour = 3_600_000
const kinds = kindTable([])
const testOf = (metric: string, onFailure: EffectTest['onFailure'], windowHours: number): EffectTest => ({
  ...{ metric, direction: 'down', minimumEffect: 0.5, onFailure },
  ...{ settleMs: hour, windowMs: windowHours * hour },
})

const kindNames = ['material.hold', 'schedule.prioritise', 'quality.notification'] as const
const actionOf = (number: number, kind: string, tests: readonly EffectTest[]): Action => ({
  ...{ id: `a-${number}`, tenant: 't', kind, target: 'mes', priority: 5, params: {} },
  ...{ reason: { en: '', zh: '' }, signalId: 's', rule: 'r', quotes: [], status: 'succeeded', attempts: 1 },
  ...{ dueAt: 0, decisions: [], tests, createdAt: 0, updatedAt: 0, signatures: [] },
})

const fresh: Signal = {
  ...{ id: 's', tenant: 't', rule: 'r', fingerprint: 'f', title: { en: '', zh: '' }, status: 'open' },
  ...{ severity: 5, facts: {}, firings: 1, occurrences: 1, regressions: 0, quotes: [], hours: {} },
  ...{ openedAt: 0, lastSeenAt: 0, updatedAt: 0 },
}

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('succeed' as const),
      kind: fc.constantFrom(...kindNames),
      tests: fc.array(
        fc.record({
          metric: fc.constantFrom('fpy_fallout', 'complaint rate'),
          onFailure: fc.constantFrom('reopen' as const, 'revert' as const),
          hours: fc.integer({ min: 1, max: 48 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      hours: fc.integer({ min: 1, max: 30 }),
      verdict: fc.constantFrom(...verdicts),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('revert' as const), which: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('complain' as const), count: fc.integer({ min: 1, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('fire again' as const) }) },
)

/** A signal and its actions, and what verification made of them so far. */
interface World {
  now: number
  signal: Signal
  readonly actions: Map<string, Action>
  /** Verdicts that were final, by test of an action. */
  readonly given: Map<string, string>
}

function revertDone(world: World, id: string): void {
  const action = world.actions.get(id)
  if (action?.status !== 'reverting') return
  world.actions.set(id, moved(action, 'reverted', world.now))
  world.signal = uncontainedBy(world.signal, id, world.now) ?? world.signal
}

/** Everything that is due until now, as the stage does it. */
function judge(world: World, verdict: VerdictName): void {
  for (;;) {
    const due = nextVerification(world.signal)
    if (due === undefined || due > world.now) return
    world.signal = begun(world.signal, world.now)
    const trial = inTurn(world.signal.verification?.trials ?? []).find(({ dueAt }) => dueAt <= world.now)
    const action = trial && world.actions.get(trial.actionId)
    if (trial === undefined || action === undefined) continue
    expect(action.status, 'what does not stand is not judged').toBe('succeeded')
    const kind = kinds.get(action.kind)
    const asked = { verdict, text: { en: '', zh: '' }, numbers: {} }
    const ruling = ruled(
      { signal: world.signal, trial, action, kind, reversible: kind?.inverse !== undefined, verdict: asked },
      world.now,
    )
    const key = `${trial.actionId} ${trial.test.metric} ${trial.dueAt} ${trial.extended}`
    expect(world.given.has(key), 'judged once').toBe(false)
    world.given.set(key, verdict)
    world.signal = ruling.signal
    world.actions.set(action.id, ruling.action)
    if (ruling.signal.status === 'closed') expect(verdict).toBe('effective')
    revertDone(world, action.id)
  }
}

it('closed only when all was effective; never closed on what was taken back; judged once; never stuck', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const world: World = { now: 0, signal: fresh, actions: new Map(), given: new Map() }
      for (const each of steps) {
        world.now += 1
        if (each.does === 'succeed') {
          // Two tests of one action differ at least in their windows, so that their verdicts can be told apart.
          const tests = each.tests.map(({ metric, onFailure, hours }, index) =>
            testOf(metric, onFailure, hours + index / hour),
          )
          const action = actionOf(world.actions.size, each.kind, tests)
          world.actions.set(action.id, action)
          world.signal = containedBy(world.signal, action, world.now, tests) ?? world.signal
        } else if (each.does === 'wait') {
          world.now += each.hours * hour
          judge(world, each.verdict)
        } else if (each.does === 'revert') {
          const action = [...world.actions.values()][each.which]
          if (action?.status !== 'succeeded') continue
          world.actions.set(action.id, moved(action, 'reverting', world.now))
          revertDone(world, action.id)
        } else if (each.does === 'complain') {
          const key = String(Math.floor(world.now / hour))
          const hours = { ...world.signal.hours, [key]: (world.signal.hours[key] ?? 0) + each.count }
          world.signal = { ...world.signal, hours }
        } else if (world.signal.status === 'closed') {
          world.signal = signalMoved(world.signal, 'open', world.now)
        }
        const { status, verification } = world.signal
        if (status === 'closed') {
          expect(verification?.verdict).toBe('effective')
          for (const trial of verification?.trials ?? []) {
            if (trial.state === 'dropped') continue
            expect(trial).toMatchObject({ state: 'judged', verdict: 'effective' })
            expect(world.actions.get(trial.actionId)?.status).toBe('succeeded')
          }
        }
        // What is contained or verified is waited for.
        if (status === 'contained' || status === 'verifying')
          expect(nextVerification(world.signal)).toBeDefined()
      }
    }),
    { numRuns: 3000 },
  )
})

it('what is undecided gets its window once more, and then counts as not effective', () => {
  const tests = [testOf('complaint rate', 'revert', 4)]
  const action = actionOf(1, 'schedule.prioritise', tests)
  const world: World = {
    now: 0,
    signal: containedBy(fresh, action, 0, tests) ?? fresh,
    actions: new Map([[action.id, action]]),
    given: new Map(),
  }
  world.now = 5 * hour
  judge(world, 'undecided')
  expect(world.signal).toMatchObject({ status: 'verifying', verification: { dueAt: 9 * hour } })
  expect(world.actions.get(action.id)).toMatchObject({
    status: 'succeeded',
    decisions: [{ outcome: 'wait' }],
  })
  world.now = 9 * hour
  judge(world, 'undecided')
  expect(world.signal).toMatchObject({ status: 'open', verification: { verdict: 'not effective' } })
  expect(world.actions.get(action.id)?.status).toBe('reverted')
})

it('a hold that did harm is not released without two people: it is asked for, and the problem is open again', () => {
  const tests = [testOf('fpy_fallout', 'reopen', 4)]
  const action = actionOf(1, 'material.hold', tests)
  const world: World = {
    now: 0,
    signal: containedBy(fresh, action, 0, tests) ?? fresh,
    actions: new Map([[action.id, action]]),
    given: new Map(),
  }
  world.now = 5 * hour
  judge(world, 'harmful')
  expect(world.signal.status).toBe('open')
  expect(world.actions.get(action.id)).toMatchObject({
    status: 'succeeded',
    reversal: { cause: 'verification', needs: 2, signatures: [] },
  })
})
