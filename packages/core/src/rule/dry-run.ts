import type { FeedbackRecord } from '../feedback/schema.js'
import type { JsonObject } from '../json.js'
import type { Rule } from './ast.js'
import type { Findings, ProposedAction } from './runtime/finding.js'
import { RuleEngine } from './runtime/rule-engine.js'

/** A firing that nobody acted on. */
export interface DryFiring {
  readonly rule: string
  readonly tenant: string
  /** Firings with the same fingerprint are one problem: they would have been one signal. */
  readonly fingerprint: string
  /** The exact instant (epoch ms). */
  readonly at: number
  readonly facts: JsonObject
  readonly actions: readonly ProposedAction[]
  /** Offsets of the feedback behind it, oldest first; the latest ten. */
  readonly evidence: readonly number[]
  /** The feedback that made it fire; absent when time did. */
  readonly trigger?: FeedbackRecord
}

/** Feedback in the order of its journal, as a rule would have met it. */
export interface DryEntry {
  readonly offset: number
  /** Append instant (epoch ms), never before the one before: it is NOW(). */
  readonly at: number
  readonly feedback: FeedbackRecord
}

export interface DryRun {
  observe(entries: readonly DryEntry[]): readonly DryFiring[]
  /** Lets time pass to an instant (epoch ms): what falls due on the way happens at its own instant. */
  advance(at: number): readonly DryFiring[]
  /** What the caps made it forget, by rule. */
  losses(): ReturnType<RuleEngine['losses']>
}

export interface DryRunOptions {
  /** Groups that one rule keeps; default 100,000. */
  readonly maxGroups?: number
  /** Entries that one group's window keeps; default 10,000. */
  readonly maxEntriesPerGroup?: number
}

/**
 * Runs rules over feedback with the real rule engine and nothing around it: no journal, no signals, no actions
 * carried out. For tests of rules and for backtests.
 *
 * @example
 * const run = dryRun(parseRules(text))
 * const firings = [...run.observe([{ offset: 1, at: Date.now(), feedback }]), ...run.advance(Date.now() + 60_000)]
 */
export function dryRun(rules: readonly Rule[], options: DryRunOptions = {}): DryRun {
  const { maxGroups = 100_000, maxEntriesPerGroup = 10_000 } = options
  const engine = new RuleEngine(rules, { maxGroups, maxEntriesPerGroup })
  return {
    observe: (entries) =>
      firingsOf(
        engine.observe(
          entries.map(({ offset, at, feedback }) => ({ kind: 'feedback', offset, at, feedback })),
        ),
      ),
    advance: (at) => firingsOf(engine.observe([{ kind: 'tick', offset: 0, at }])),
    losses: () => engine.losses(),
  }
}

function firingsOf({ firings }: Findings): readonly DryFiring[] {
  return firings.map(({ program, tenant, fingerprint, at, facts, actions, evidence, trigger }) => ({
    rule: program.rule.name,
    tenant,
    fingerprint,
    at,
    facts,
    actions,
    evidence,
    ...(trigger === undefined ? {} : { trigger }),
  }))
}
