import { logCases } from './partition-log-cases.js'
import { memberCases } from './partition-member-cases.js'
import type { PartitionedBusCaseId, PartitionedBusGiven } from './partitioned-bus-given.js'
import type { ContractRunner } from './runner.js'
import { type Exemptions, type Factory, registerSuite } from './suite.js'

/**
 * The contract of a bus whose topics are logs in partitions, one test for each sentence of it. Run it beside
 * `busContract`.
 *
 * @param exemptions case id → why this bus cannot keep it; prints as skipped
 */
export function partitionedBusContract(
  runner: ContractRunner,
  factory: Factory<PartitionedBusGiven>,
  exemptions: Exemptions<PartitionedBusCaseId> = {},
): void {
  registerSuite(runner, 'partitioned bus contract v1', [...logCases, ...memberCases], factory, exemptions)
}
