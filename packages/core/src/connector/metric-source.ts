import type { Series } from './judge.js'
import type { Subject } from './subject.js'

/** What a metric is to be measured of; what is absent is not known. */
export interface MetricScope {
  readonly tenant: string
  /** The target that the action went to. */
  readonly target: string
  readonly productLine?: string
  readonly productModel?: string
  readonly equipment?: string
  /** What the action changed. */
  readonly subjects: readonly Subject[]
}

/** Measures in the line what effect tests name, e.g. `fpy_fallout` from an execution system's inspection results. */
export interface MetricSource {
  /** The names that it knows; absent: it is asked for any. */
  readonly metrics?: readonly string[]
  /**
   * The readings of [from, to) (epoch ms), oldest first. The past must not change: a verdict is given once.
   * May throw: it is asked again later, and nothing is concluded from its silence.
   */
  measure(metric: string, scope: MetricScope, from: number, to: number): Promise<Series>
}
