import type { FeedbackRecord } from '../../feedback/schema.js'
import type { JsonObject } from '../../json.js'
import type { Row } from './compile.js'
import type { FiringLog } from './firing-log.js'
import type { Inhibitions } from './inhibitions.js'
import type { PatternMatch } from './pattern/pattern-runner.js'
import type { BoundProgram } from './program.js'
import type { Value } from './value.js'

/** When a rule without groups fired last, by tenant (epoch ms). */
export interface ThrottleSnapshot extends JsonObject {
  readonly [tenant: string]: number
}

const none: readonly Value[] = []

/** A rule that looks at single feedback, or at single matches of a pattern: each fires, unless ONCE PER holds it back. */
export class SingleRunner {
  /** Tenants forgotten at the cap: for them ONCE PER begins anew. */
  lost = 0
  readonly #program: BoundProgram
  readonly #log: FiringLog
  readonly #inhibitions: Inhibitions
  readonly #most: number
  /** Least recently fired first. */
  readonly #lastFired: Map<string, number>

  /** @param most tenants that are remembered */
  constructor(
    program: BoundProgram,
    log: FiringLog,
    inhibitions: Inhibitions,
    most: number,
    from: ThrottleSnapshot = {},
  ) {
    this.#program = program
    this.#log = log
    this.#inhibitions = inhibitions
    this.#most = most
    this.#lastFired = new Map(Object.entries(from))
  }

  see(feedback: FeedbackRecord, at: number, offset: number): void {
    const { tenant, feedbackId, productModel, faultCode, severityScore } = feedback
    this.#found({
      tenant,
      model: productModel ?? null,
      fault: faultCode?.code ?? null,
      severity: severityScore,
      occasion: feedbackId,
      row: { feedback, now: at, group: none, aggregates: none },
      evidence: [offset],
      trigger: feedback,
    })
  }

  seeMatch({ tenant, steps, offsets, at, feedback }: PatternMatch): void {
    // The first values that are kept of every step: keptOfEveryStep.
    const [, model = null, fault = null, severity = 0] = steps.at(-1) ?? []
    this.#found({
      tenant,
      model,
      fault,
      severity: typeof severity === 'number' ? severity : 0,
      occasion: steps.map(([feedbackId]) => feedbackId).join('+'),
      row: { feedback, steps, now: at, group: none, aggregates: none },
      evidence: offsets,
      trigger: feedback,
    })
  }

  snapshot(at: number): ThrottleSnapshot {
    const { oncePer = 0 } = this.#program.terms
    return Object.fromEntries([...this.#lastFired].filter(([, fired]) => at - fired < oncePer))
  }

  #found(found: Found): void {
    const { tenant, model, fault, severity, row } = found
    const { rule, terms } = this.#program
    // One model with one fault is one problem.
    const fingerprint = JSON.stringify([tenant, rule.name, model, fault])
    const at = row.now
    const isInhibited =
      rule.inhibitedBy !== undefined && this.#inhibitions.silences(rule.name, tenant, none, found.trigger, at)
    const last = this.#lastFired.get(tenant)
    const isHeldBack = terms.oncePer !== undefined && last !== undefined && at - last < terms.oncePer
    if (isInhibited || isHeldBack) {
      this.#log.count(fingerprint, at, severity)
      return
    }
    if (terms.oncePer !== undefined) {
      this.#remember(tenant, at)
      this.#log.setEarlierApart(fingerprint)
    }
    this.#log.count(fingerprint, at, severity)
    this.#log.fire(this.#program, {
      ...found,
      fingerprint,
      facts: { product_model: model, fault_code: fault, severity_score: severity },
    })
  }

  #remember(tenant: string, at: number): void {
    this.#lastFired.delete(tenant)
    this.#lastFired.set(tenant, at)
    if (this.#lastFired.size <= this.#most) return
    for (const oldest of this.#lastFired.keys()) {
      this.#lastFired.delete(oldest)
      this.lost++
      return
    }
  }
}

interface Found {
  readonly tenant: string
  readonly model: Value
  readonly fault: Value
  readonly severity: number
  readonly occasion: string
  readonly row: Row
  readonly evidence: readonly number[]
  readonly trigger: FeedbackRecord | undefined
}
