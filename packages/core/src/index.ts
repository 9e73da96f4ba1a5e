export type { Action, ActionStatus, Quote, Signature } from './action/action.js'
export type { ActionKind, Consequence } from './action/kinds/kind.js'
export { actionKinds } from './action/kinds/kinds.js'
export { type PhaseOf, policyFromDocument } from './action/policy/compile-policy.js'
export type { Limits, Mode, ParameterLimit, QuietHours } from './action/policy/limits.js'
export type { Phase } from './action/policy/phase.js'
export { phaseRules } from './action/policy/phases.js'
export type { Decision, Policy, PolicyContext } from './action/policy/policy.js'
export {
  definePolicy,
  type ParsePolicyOptions,
  type PolicyDocument,
  type PolicyRule,
  parsePolicy,
} from './action/policy/policy-document.js'
export { createAndon } from './andon.js'
export type { AndonLimits, AndonOptions, StreamTopics } from './andon-options.js'
export type { AuditDesk, AuditVerifyOptions } from './audit/audit-desk.js'
export type { AuditCheckOptions, AuditReport } from './audit/chain-check.js'
export type { AuditProblem } from './audit/problem.js'
export { verifyAudit } from './audit/verify.js'
export type { Channel, RawPayload } from './channel/index.js'
export type { AuditHead } from './connector/audit.js'
export { defineAction, defineChannel, defineDetector, defineSource, defineTarget } from './define.js'
export type { ActionDesk } from './engine/action-desk.js'
export type { Availability } from './engine/availability.js'
export type { AndonEvents, Warning } from './engine/events.js'
export type { AndonHealth, WorkerHealth } from './engine/health.js'
export { type HybridBusOptions, hybridBus } from './engine/hybrid-bus.js'
export type { IngestResult } from './engine/intake.js'
export type {
  DemotionRequest,
  PhaseDesk,
  PhaseReport,
  PromotionRequest,
  ReviewRequest,
} from './engine/phase-desk.js'
export type { LinePhase } from './engine/phases.js'
export type { QuarantineDesk } from './engine/quarantine-desk.js'
export type {
  Difference,
  ReconcileOptions,
  Reconciliation,
  Unresolved,
} from './engine/reconcile/result.js'
export type { RuleDesk } from './engine/rule-desk.js'
export type { SignalDesk } from './engine/signal-desk.js'
export type { Silence, SilenceDesk, SilenceRequest } from './engine/silence-desk.js'
export type {
  AffectedUnit,
  KnownBatch,
  SuspectBatch,
  Trace,
  TracedFeedback,
  TraceGap,
} from './engine/trace/result.js'
export type { HoldRequest, TraceDesk, TraceHold, TraceOptions } from './engine/trace/trace-desk.js'
export { AndonError, isAndonError } from './errors/index.js'
export { type Feedback, feedbackFields, feedbackJsonSchema, feedbackSchema } from './feedback/index.js'
export type { Andon } from './loop.js'
export { defineRule, parseRules } from './rule/index.js'
export { rateRatioJudge } from './signal/judge/rate-ratio-judge.js'
export type { Signal, SignalStatus, Verification } from './signal/signal.js'
export { openAudit } from './store/sqlite/open-audit.js'
export { type SqliteStoreOptions, sqliteStore } from './store/sqlite/sqlite-store.js'
export type { Locale, Localized } from './text.js'
