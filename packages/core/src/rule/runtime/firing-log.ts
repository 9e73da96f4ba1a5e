import type { FeedbackRecord } from '../../feedback/schema.js'
import type { JsonObject, JsonValue } from '../../json.js'
import type { Row } from './compile.js'
import type { Findings, Firing, Matches } from './finding.js'
import type { BoundProgram } from './program.js'

/** One occasion on which a rule fires. */
export interface Occasion {
  readonly tenant: string
  readonly fingerprint: string
  /** The same on every run over the same journal. */
  readonly occasion: string
  readonly row: Row
  readonly evidence: readonly number[]
  /** The feedback that made it fire; absent when time did. */
  readonly trigger: FeedbackRecord | undefined
  /** Facts beside those that the rule names. */
  readonly facts?: JsonObject
}

const hour = 3_600_000

/** Collects what one batch finds. */
export class FiringLog {
  #firings: Firing[] = []
  #matches = new Map<string, Matches>()
  #hour = { number: -1, key: '' }

  /** What was collected since the last time. */
  take(): Findings {
    const findings = { firings: this.#firings, matches: this.#matches }
    this.#firings = []
    this.#matches = new Map()
    return findings
  }

  get length(): number {
    return this.#firings.length
  }

  /** Puts the firings since `from` into the order of their rules; what one rule found stays in its order. */
  sortSince(from: number, orderOf: (firing: Firing) => number): void {
    const latest = this.#firings.splice(from)
    this.#firings.push(...latest.sort((a, b) => orderOf(a) - orderOf(b)))
  }

  fire(
    program: BoundProgram,
    { tenant, fingerprint, occasion, row, evidence, trigger, facts: base = {} }: Occasion,
  ): void {
    const named = program.facts.map(({ name, evaluate, instant }): [string, JsonValue] => {
      const value = evaluate(row)
      return [name, instant && typeof value === 'number' ? new Date(value).toISOString() : value]
    })
    // Not assigned one by one: a rule may call a fact `__proto__`.
    const facts = { ...base, ...Object.fromEntries(named) }
    this.#firings.push({
      program,
      tenant,
      fingerprint,
      occasion,
      at: row.now,
      facts,
      actions: program.actions.map(({ kind, target, priority, params }) => ({
        kind,
        ...(target === undefined ? {} : { target }),
        priority,
        params: Object.fromEntries(params.map(({ name, evaluate }) => [name, evaluate(row)])),
      })),
      evidence,
      ...(trigger === undefined ? {} : { trigger }),
    })
  }

  /** What was counted so far belongs to a signal that was there before the firing that follows. */
  setEarlierApart(fingerprint: string): void {
    if (this.#firings.some((firing) => firing.fingerprint === fingerprint)) return
    const nothing = { count: 0, severity: 0, lastAt: 0, hours: {} }
    this.#matches.set(fingerprint, {
      ...nothing,
      hours: {},
      earlier: this.#matches.get(fingerprint) ?? nothing,
    })
  }

  /** Nearly all that is counted together is of one hour. */
  #hourKey(at: number): string {
    const number = Math.floor(at / hour)
    if (number !== this.#hour.number) this.#hour = { number, key: String(number) }
    return this.#hour.key
  }

  count(fingerprint: string, at: number, severity: number): void {
    let matches = this.#matches.get(fingerprint)
    if (matches === undefined) {
      matches = { count: 0, severity: 0, lastAt: at, hours: {} }
      this.#matches.set(fingerprint, matches)
    }
    const key = this.#hourKey(at)
    matches.count++
    matches.severity = Math.max(matches.severity, severity)
    matches.lastAt = Math.max(matches.lastAt, at)
    matches.hours[key] = (matches.hours[key] ?? 0) + 1
  }
}
