import type { Action, Clock, JsonObject, Receipt, Target } from '@andon/core/connector'
import type { Simulator, SimulatorFault } from '@andon/testkit'

/** Random numbers of one storm. */
export interface Dice {
  /** In [0, 1). */
  (): number
  pick<T>(values: readonly [T, ...T[]]): T
  chance(share: number): boolean
}

/** What is asked next. */
export interface Asked {
  readonly kind: string
  readonly params: JsonObject
}

/** A target that has all that a storm needs. */
export type StormTarget = Target & Required<Pick<Target, 'revert' | 'lookUp' | 'close'>>

/**
 * One system in a storm, and the books of what it has to look like: kept by what was asked and what the receipts say,
 * never by what the system itself says.
 */
export interface RunningSystem {
  readonly simulator: Simulator
  /**
   * What may happen to its requests. Where one is a refusal that nobody meant, it ends an action that has surely done
   * nothing yet, and people ask again for one that may have.
   */
  readonly faults: readonly SimulatorFault[]
  /** Another target, as a process has it that comes up after a kill -9. */
  open(): StormTarget
  next(dice: Dice): Asked
  /** Something that people do beside; no fault is in their way. */
  people(dice: Dice): void
  did(action: Action, receipt: Receipt): void
  undid(action: Action, first: Receipt, receipt: Receipt): void
  /** The action was refused: it must have had no effect. */
  refused(action: Action): void
  /** Where the system is not as the books say, in words. Asks the target as well, with no fault in its way. */
  differences(target: StormTarget): Promise<readonly string[]>
}

/** Starts a system for one storm. */
export type StartSystem = (given: {
  readonly seed: number
  readonly dice: Dice
  readonly clock: Clock
  readonly timeoutMs: number
}) => Promise<RunningSystem>
