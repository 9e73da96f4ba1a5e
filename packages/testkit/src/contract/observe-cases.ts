import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import {
  type Action,
  type ActionKind,
  actionKinds,
  type JsonObject,
  type JsonValue,
  type Observation,
  type Subject,
  type SubjectState,
  type TraceAnswer,
  type TraceQuestion,
} from '@andon/core/connector'
import { contextOf } from './execute-context.js'
import { assertPlainData } from './plugin-cases.js'
import { type ContractCase, needed } from './suite.js'
import type { TargetGiven } from './target-contract.js'

export type ObserveCaseId = 'observe' | 'observe-after-revert' | 'trace'

/** Nobody has these. */
const nobodys: readonly Subject[] = [
  { kind: 'batch', id: 'nobody/has-this-批次' },
  { kind: 'unit', id: 'nobody/has-this-序列号' },
  { kind: 'order', id: 'nobody/has-this-订单' },
  { kind: 'parameter', equipment: 'nobody/has-this-设备', id: 'nobody/has-this-参数' },
]

/** Numbers may go through a system that counts in its own way. */
const tolerance = 1e-9

const same = (one: JsonValue | undefined, other: JsonValue | undefined): boolean =>
  typeof one === 'number' && typeof other === 'number'
    ? Math.abs(one - other) <= tolerance
    : JSON.stringify(one) === JSON.stringify(other)

/** What the kind says that the action changes, where there is something to compare. */
function effectsOf({ kinds = [] }: TargetGiven, { kind, params }: Action): readonly SubjectState[] {
  const known: readonly ActionKind[] = [...kinds, ...actionKinds]
  const effects = known.find(({ name }) => name === kind)?.effects?.(params) ?? []
  return effects.filter(({ fields }) => Object.keys(fields).length > 0)
}

/** One observation for each subject, whose order and number are checked by asking backwards and twice as well. */
async function observe(
  { target }: TargetGiven,
  id: ObserveCaseId,
  subjects: readonly Subject[],
): Promise<readonly Observation[]> {
  const ask = needed(target.observe?.bind(target), id, 'target.observe')
  const backwards = [...subjects].reverse()
  const answer = await ask([...subjects, ...backwards], contextOf(1))
  assertPlainData(answer, 'the observations')
  assert.equal(answer.length, 2 * subjects.length, 'not one observation for each subject')
  const first = answer.slice(0, subjects.length)
  const mirrored = answer.slice(subjects.length).reverse()
  assert.deepEqual(
    mirrored,
    first,
    'the observations are not in the order asked, or asking changes something',
  )
  return first
}

function assertStands(kind: string, { subject, fields }: SubjectState, seen: Observation | undefined): void {
  assert.ok(seen?.found, `${kind}: ${inspect(subject)} is not found`)
  for (const [name, value] of Object.entries(fields)) {
    const found = seen.fields[name]
    assert.ok(same(value, found), `${kind}: ${name} is ${inspect(found)}, not ${inspect(value)}`)
  }
}

/** Does the work of each kind whose effects can be observed; there must be one at least. */
async function forEachObservable(
  given: TargetGiven,
  id: ObserveCaseId,
  work: (action: Action, effects: readonly SubjectState[]) => Promise<void>,
): Promise<void> {
  let count = 0
  for (const kind of given.target.handles) {
    const action = given.action(kind)
    const effects = effectsOf(given, action)
    if (effects.length === 0) continue
    count += 1
    await work(action, effects)
  }
  assert.ok(count > 0, `none of its kinds has effects to observe: exempt it from "${id}"`)
}

const picked = (seen: Observation | undefined, like: JsonObject): JsonObject | undefined =>
  seen?.found === true
    ? Object.fromEntries(Object.keys(like).map((name) => [name, seen.fields[name] ?? null]))
    : undefined

async function trace(given: TargetGiven, id: ObserveCaseId, question: TraceQuestion): Promise<TraceAnswer> {
  const { target } = given
  const ask = needed(target.trace?.bind(target), id, 'target.trace')
  const answer = await ask(question, contextOf(1))
  assertPlainData(answer, 'the answer of the trace')
  return answer
}

const serialsOf = ({ units }: TraceAnswer): readonly string[] => units.map(({ serial }) => serial).sort()

export const observeCases: readonly ContractCase<TargetGiven, ObserveCaseId>[] = [
  {
    id: 'observe',
    sentence:
      'what was done is seen when it is asked for, and what is not known is not found; asking changes nothing',
    async check(given) {
      await forEachObservable(given, 'observe', async (action, effects) => {
        await given.target.execute(action, contextOf(1))
        const subjects = effects.map(({ subject }) => subject)
        const seen = await observe(given, 'observe', [...nobodys, ...subjects])
        const found = seen.map((observation) => observation.found)
        assert.deepEqual(found, [...nobodys.map(() => false), ...subjects.map(() => true)])
        for (const [index, effect] of effects.entries()) {
          assertStands(action.kind, effect, seen[nobodys.length + index])
        }
        assert.equal(await given.effects(action.id), 1, `${action.kind}: asking had an effect`)
      })
      assert.deepEqual(await observe(given, 'observe', []), [])
    },
  },
  {
    id: 'observe-after-revert',
    sentence: 'after a revert everything is seen to stand as it stood before',
    async check(given) {
      const { target } = given
      const revert = needed(target.revert?.bind(target), 'observe-after-revert', 'target.revert')
      await forEachObservable(given, 'observe-after-revert', async (action, effects) => {
        const subjects = effects.map(({ subject }) => subject)
        const look = async (): Promise<readonly (JsonObject | undefined)[]> => {
          const seen = await observe(given, 'observe-after-revert', subjects)
          return effects.map(({ fields }, index) => picked(seen[index], fields))
        }
        const before = await look()
        const receipt = await target.execute(action, contextOf(1))
        assert.notDeepEqual(
          await look(),
          before,
          `${action.kind}: it changes nothing, so this proves nothing`,
        )
        await revert(action, receipt, contextOf(1))
        assert.deepEqual(await look(), before, `${action.kind}: it does not stand as before`)
      })
    },
  },
  {
    id: 'trace',
    sentence:
      'a trace finds every unit that has a lot, and units by serial number, up to its limit; it names what is not known',
    async check(given) {
      const { batch, serials } = needed(given.traceable?.bind(given), 'trace', 'traceable')()
      const byLot = await trace(given, 'trace', { serials: [], batches: [batch], limit: 1_000 })
      assert.deepEqual(serialsOf(byLot), [...serials].sort(), 'not the units that have the lot')
      assert.deepEqual(
        byLot.batches.map((lot) => lot.batch),
        [batch],
        'the lot asked for is not in the answer',
      )
      assert.deepEqual([byLot.unknown, byLot.cut], [[], false])
      for (const { serial, batch: lot, componentBatches = {} } of byLot.units) {
        const lots = [lot, ...Object.values(componentBatches)]
        assert.ok(lots.includes(batch), `unit ${serial} does not say that it has the lot`)
      }
      const [serial = ''] = serials
      const one = await trace(given, 'trace', {
        serials: [serial, 'nobody-has-this-serial'],
        batches: ['nobody-has-this-lot'],
        limit: 1_000,
      })
      assert.deepEqual(serialsOf(one), [serial], 'not the unit asked for')
      assert.deepEqual([...one.unknown].sort(), ['nobody-has-this-lot', 'nobody-has-this-serial'])
      const both = await trace(given, 'trace', { serials: [serial], batches: [batch], limit: 1_000 })
      assert.deepEqual(serialsOf(both), [...serials].sort(), 'a unit is there twice, or missing')
      assert.ok(serials.length >= 2, 'traceable has fewer than two units: a limit proves nothing')
      const whole = await trace(given, 'trace', { serials: [], batches: [batch], limit: serials.length })
      assert.deepEqual([whole.units.length, whole.cut], [serials.length, false])
      const cut = await trace(given, 'trace', { serials: [], batches: [batch], limit: 1 })
      assert.deepEqual([cut.units.length, cut.cut], [1, true], 'the limit is not kept, or not told')
    },
  },
]
