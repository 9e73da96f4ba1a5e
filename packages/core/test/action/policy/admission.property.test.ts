import fc from 'fast-check'
import { expect, it } from 'vitest'
import { kindTable } from '../../../src/action/kinds/kinds.js'
import { admit } from '../../../src/action/policy/admission.js'
import type { ParameterLimit } from '../../../src/action/policy/limits.js'
import { at, proposed, setting } from '../proposal.js'

const { from: _, ...anywhere } = setting
const kind = kindTable().get('parameter.adjust')
const seed = Number(process.env.ANDON_SEED ?? 20_260_304)
const steps = 50
const sequences = 2600

/** Halves: sums and differences of them are exact, so that the oracle needs no tolerance. */
const half = (least: number, most: number) => fc.integer({ min: least * 2, max: most * 2 }).map((n) => n / 2)
const range = fc
  .tuple(half(40, 80), half(40, 80))
  .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }))

/** Each of the three may bound the parameter, with room enough that much is let through. */
const bounds = fc.record({
  range: fc.oneof({ weight: 3, arbitrary: fc.constant({ low: 40, high: 80 }) }, range),
  maxStep: half(0, 10),
  dwellSeconds: fc.nat(120),
})
type Bounds = { range: { low: number; high: number }; maxStep: number; dwellSeconds: number }

const deed = fc.record({
  does: fc.constantFrom('set', 'set', 'set', 'back', 'by hand'),
  action: bounds,
  move: half(-12, 12),
  from: fc.constantFrom('none', 'right', 'wrong'),
  signed: fc.boolean(),
  pause: fc.nat(150_000),
  patient: fc.boolean(),
})

it(`no sequence of actions, reversals and changes by hand moves a parameter further or faster than it may (seed ${seed})`, () => {
  const seen = { run: 0, wait: 0, refuse: 0, ask: 0, back: 0 }
  let actions = 0
  fc.assert(
    fc.property(
      bounds,
      bounds,
      fc.array(deed, { minLength: steps, maxLength: steps }),
      (policy, machine, deeds) => {
        let now = at
        let value = 60
        let changedAt: number | undefined
        let old: number | undefined
        let last = policy
        for (const { does, action, move, from, signed, pause, patient } of deeds) {
          now += pause
          if (does === 'by hand') {
            value += move
            changedAt = now
            continue
          }
          const reversal = does === 'back'
          actions++
          // What is taken back is bounded as the action was that did it.
          const own = reversal ? last : action
          const to = reversal ? old : clamp(value + move, own)
          const everybody = [own, policy, machine]
          const question = () => ({
            action: proposed({
              kind: 'parameter.adjust',
              params: {
                ...{ ...anywhere, to: reversal ? clamp(value, own) : (to ?? 0) },
                ...(from === 'none' || reversal ? {} : fromOf(from === 'right' ? value : value + 1, to, own)),
                ...{ ...own.range, max_step: own.maxStep, dwell: own.dwellSeconds },
              },
              limits: { parameters: [limitOf(policy)] },
            }),
            ...{ kind, signed, now, reversal, startedInLastHour: [] },
            parameter: {
              ...{ value, unit: 'Cel', ...machine.range },
              ...{ maxStep: machine.maxStep, dwellSeconds: machine.dwellSeconds },
              ...(changedAt === undefined ? {} : { changedAt }),
            },
            ...(reversal && to !== undefined ? { to } : {}),
          })
          let answer = admit(question())
          if (answer.outcome === 'wait' && patient) {
            seen.wait++
            now = answer.until
            answer = admit(question())
            expect(answer.outcome, 'what was waited for is over').toBe('run')
          }
          seen[answer.outcome]++
          const laws =
            to !== undefined &&
            everybody.every((one) => to >= one.range.low && to <= one.range.high) &&
            everybody.every((one) => Math.abs(to - value) <= one.maxStep)
          const rested = everybody.every(
            (one) => changedAt === undefined || now - changedAt >= one.dwellSeconds * 1000,
          )
          if (answer.outcome === 'run') expect({ laws, rested }).toEqual({ laws: true, rested: true })
          if (answer.outcome === 'wait') expect({ laws, rested }).toEqual({ laws: true, rested: false })
          if (answer.outcome === 'refuse' && ['range', 'step'].includes(answer.name)) expect(laws).toBe(false)
          if (answer.outcome !== 'run' || to === undefined) continue
          if (reversal) seen.back++
          old = value
          last = own
          value = to
          changedAt = now
        }
      },
    ),
    { seed, numRuns: sequences },
  )
  expect(actions).toBeGreaterThan(100_000)
  // A law about what never happens would hold of an admission that admits nothing.
  expect(seen.run).toBeGreaterThan(5000)
  expect(seen.wait).toBeGreaterThan(1000)
  expect(seen.refuse).toBeGreaterThan(5000)
  expect(seen.back).toBeGreaterThan(500)
})

/** An action never asks for what its own parameters forbid: the gate would have refused it. */
const clamp = (to: number, { range: { low, high } }: Bounds): number => Math.min(Math.max(to, low), high)

/** `from`, unless the action's own parameters forbid it. */
const fromOf = (from: number, to: number | undefined, { maxStep }: Bounds): object =>
  to !== undefined && Math.abs(to - from) <= maxStep ? { from } : {}

const limitOf = ({ range: { low, high }, maxStep, dwellSeconds }: Bounds): ParameterLimit => ({
  ...{ parameter: 'mould_temperature', unit: 'Cel', low, high },
  ...{ maxStep, dwellMs: dwellSeconds * 1000 },
})
