import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Expression } from '../ast.js'
import { keyOf } from '../language/expression-tree.js'
import { type InputSpec, inputKey } from './aggregate/aggregate-plan.js'
import { compile, type Evaluate, type Row, rowScope } from './compile.js'
import { ConditionIndex } from './condition-index/condition-index.js'
import { changesAt, type NowBound } from './now-bounds.js'
import type { Value } from './value.js'

/**
 * What some rules want to know of every single feedback: whether it fits, and a few of its values. Plain data, so
 * that feedback can be matched on whichever thread reads it.
 */
export interface Selector {
  /** Small whole numbers. */
  readonly id: number
  readonly where?: Expression
  /** GROUP BY. */
  readonly by: readonly Expression[]
  readonly inputs: readonly InputSpec[]
  /** Its window is in event time. */
  readonly eventTime: boolean
  /** Conditions of `where` that cease to hold as time goes on. */
  readonly expiry: readonly NowBound[]
}

/** One feedback that fits one selector. Plain data: it crosses threads. */
export interface RuleMatch {
  readonly selector: number
  /** Values of GROUP BY. */
  readonly values: readonly Value[]
  readonly inputs: readonly Value[]
  /** When it happened (epoch ms), never after its append instant; 0 where journal time counts. */
  readonly time: number
  /** When it ceases to fit as time goes on (epoch ms); Infinity when it does not. */
  readonly until: number
}

interface Compiled {
  readonly by: readonly Evaluate[]
  readonly inputs: readonly Evaluate[]
  readonly eventTime: boolean
  readonly expiry: readonly ((row: Row) => number)[]
}

const none: readonly Value[] = []
const noMatches: readonly RuleMatch[] = []
const nothing: Compiled = { by: [], inputs: [], eventTime: false, expiry: [] }

/**
 * The stateless half of the rule engine: which selectors a feedback fits at an instant. Pure, so it can run
 * where the feedback is read, while the record is still in the processor's cache.
 */
export class RuleMatcher {
  readonly #index = new ConditionIndex()
  readonly #selectors = new Map<number, Selector>()
  readonly #compiled: (Compiled | undefined)[] = []
  readonly #readers = new Map<string, Compiled>()
  readonly #found: number[] = []

  constructor(selectors: readonly Selector[] = []) {
    for (const selector of selectors) this.add(selector)
  }

  /** Everything in it, for another one like it on another thread. */
  get selectors(): readonly Selector[] {
    return [...this.#selectors.values()]
  }

  add(selector: Selector): void {
    const { id, where, by, inputs, eventTime, expiry } = selector
    this.#selectors.set(id, selector)
    this.#index.add(id, where)
    this.#compiled[id] = this.#shared(by, inputs, eventTime, expiry)
  }

  /** Most rules look at the same few values: one reader for all of them stays in the processor's cache. */
  #shared(
    by: Selector['by'],
    inputs: Selector['inputs'],
    eventTime: boolean,
    expiry: Selector['expiry'],
  ): Compiled {
    const key = JSON.stringify([by.map(keyOf), inputs.map(inputKey), eventTime, expiry])
    const known = this.#readers.get(key) ?? {
      by: by.map((expression) => compile(expression)),
      inputs: inputs.map(compileInput),
      eventTime,
      expiry: expiry.map((bound) => changesAt(bound, rowScope)),
    }
    this.#readers.set(key, known)
    return known
  }

  remove(id: number): void {
    if (!this.#selectors.delete(id)) return
    this.#index.remove(id)
    this.#compiled[id] = undefined
  }

  /** `at` is the append instant (epoch ms): it is NOW(). In the order of the selectors' ids. */
  match(feedback: FeedbackRecord, at: number): readonly RuleMatch[] {
    const row: Row = { feedback, now: at, group: none, aggregates: none }
    const found = this.#found
    this.#index.match(row, found)
    if (found.length === 0) return noMatches
    // Of the length it will have: one that grows takes several times as much.
    const matches = new Array<RuleMatch>(found.length)
    for (let i = 0; i < found.length; i++) matches[i] = this.#matchOf(found[i] ?? 0, row, feedback)
    return matches
  }

  #matchOf(id: number, row: Row, feedback: FeedbackRecord): RuleMatch {
    const { by, inputs, eventTime, expiry } = this.#compiled[id] ?? nothing
    return {
      selector: id,
      values: valuesOf(by, row),
      inputs: valuesOf(inputs, row),
      time: eventTime ? timeOf(feedback, row.now) : 0,
      until: earliest(expiry, row),
    }
  }
}

function valuesOf(evaluate: readonly Evaluate[], row: Row): readonly Value[] {
  if (evaluate.length === 0) return none
  const values = new Array<Value>(evaluate.length)
  for (let i = 0; i < evaluate.length; i++) values[i] = evaluate[i]?.(row) ?? null
  return values
}

function earliest(instants: readonly ((row: Row) => number)[], row: Row): number {
  let first = Number.POSITIVE_INFINITY
  for (let i = 0; i < instants.length; i++) first = Math.min(first, instants[i]?.(row) ?? first)
  return first
}

function compileInput({ argument, filter }: InputSpec): Evaluate {
  const value: Evaluate = argument === undefined ? () => true : compile(argument)
  if (filter === undefined) return value
  const passes = compile(filter)
  return (row) => (passes(row) === true ? value(row) : null)
}

/** A clock that is ahead does not move time. */
function timeOf({ lastOccurrenceTime }: FeedbackRecord, at: number): number {
  return Math.min(Date.parse(lastOccurrenceTime), at)
}
