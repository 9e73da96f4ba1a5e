import { type PhaseOf, policyFromDocument, policyOf, withinPhases } from './action/policy/compile-policy.js'
import { guard } from './action/policy/guard.js'
import type { Phase } from './action/policy/phase.js'
import type { Policy } from './action/policy/policy.js'
import { type PolicyDocument, parsePolicy } from './action/policy/policy-document.js'
import type { AndonOptions } from './andon-options.js'
import { isMeasured } from './engine/metric-readings.js'
import { AndonError } from './errors/index.js'

/** What decides, and where product lines begin. */
export interface PolicyOptions {
  /** As the options say, else as the policy does. */
  readonly initialPhases: ReadonlyMap<string, Phase>
  /** A policy as data, a function whose decisions are guarded, or one mode for all; bounded by the phases. */
  readonly policy: (phaseOf: PhaseOf) => Policy
}

/** @throws AndonError POLICY_INVALID, OPTIONS_INVALID */
export function policyOptions(options: AndonOptions): PolicyOptions {
  const { policy, kinds = [], mode = 'advise', phases = {} } = options
  if (typeof policy !== 'object') {
    const own: Policy = policy === undefined ? policyOf(mode) : (context) => guard(policy(context), context)
    return {
      initialPhases: new Map(Object.entries(phases)),
      policy: (phaseOf) => withinPhases(own, phaseOf),
    }
  }
  const document = parsePolicy(policy, { kinds })
  checkMetrics(document, options)
  return {
    initialPhases: new Map([...Object.entries(document.phases ?? {}), ...Object.entries(phases)]),
    policy: (phaseOf) => policyFromDocument(document, phaseOf),
  }
}

/** A test whose metric nobody measures would never be judged. */
function checkMetrics({ rules }: PolicyDocument, { metrics }: AndonOptions): void {
  for (const { name, tests = [] } of rules) {
    const unknown = tests.find(({ metric }) => !isMeasured(metric, metrics))
    if (unknown === undefined) continue
    throw new AndonError('OPTIONS_INVALID', {
      details: {
        option: 'createAndon.metrics',
        problem: `rule "${name}" of the policy tests "${unknown.metric}", which nothing measures`,
      },
      chinese: { problem: `策略规则“${name}”要测试“${unknown.metric}”，但没有可测量它的数据源` },
    })
  }
}
