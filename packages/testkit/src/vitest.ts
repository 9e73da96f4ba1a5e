import type { JsonValue } from '@andon/core/connector'
import { describe, it } from 'vitest'
import { type BusCaseId, type BusGiven, busContract as busSuite } from './contract/bus-contract.js'
import {
  type ChannelCaseId,
  type ChannelGiven,
  channelContract as channelSuite,
} from './contract/channel-contract.js'
import {
  type DetectorCaseId,
  type DetectorGiven,
  detectorContract as detectorSuite,
} from './contract/detector-contract.js'
import { partitionedBusContract as partitionedBusSuite } from './contract/partitioned-bus-contract.js'
import type { PartitionedBusCaseId, PartitionedBusGiven } from './contract/partitioned-bus-given.js'
import { type SinkCaseId, type SinkGiven, sinkContract as sinkSuite } from './contract/sink-contract.js'
import {
  type SourceCaseId,
  type SourceGiven,
  sourceContract as sourceSuite,
} from './contract/source-contract.js'
import { type StoreExemptions, storeContract as storeSuite } from './contract/store-contract.js'
import type { StoreGiven } from './contract/store-given.js'
import type { Exemptions, Factory } from './contract/suite.js'
import {
  type TargetCaseId,
  type TargetGiven,
  targetContract as targetSuite,
} from './contract/target-contract.js'

const runner = { describe, it }

/** The contract of a source, run by vitest. */
export const sourceContract = (factory: Factory<SourceGiven>, exemptions?: Exemptions<SourceCaseId>): void =>
  sourceSuite(runner, factory, exemptions)

/** The contract of a sink, run by vitest. */
export const sinkContract = (factory: Factory<SinkGiven>, exemptions?: Exemptions<SinkCaseId>): void =>
  sinkSuite(runner, factory, exemptions)

/** The contract of a bus, run by vitest. */
export const busContract = (factory: Factory<BusGiven>, exemptions?: Exemptions<BusCaseId>): void =>
  busSuite(runner, factory, exemptions)

/** The contract of a bus with partitions, run by vitest. */
export const partitionedBusContract = (
  factory: Factory<PartitionedBusGiven>,
  exemptions?: Exemptions<PartitionedBusCaseId>,
): void => partitionedBusSuite(runner, factory, exemptions)

/** The contract of a target, run by vitest. */
export const targetContract = (factory: Factory<TargetGiven>, exemptions?: Exemptions<TargetCaseId>): void =>
  targetSuite(runner, factory, exemptions)

/** The contract of a store, run by vitest. */
export const storeContract = (factory: Factory<StoreGiven>, exemptions?: StoreExemptions): void =>
  storeSuite(runner, factory, exemptions)

/** The contract of a channel parser, run by vitest. */
export const channelContract = (
  factory: Factory<ChannelGiven>,
  exemptions?: Exemptions<ChannelCaseId>,
): void => channelSuite(runner, factory, exemptions)

/** The contract of a detector, run by vitest. */
export const detectorContract = <S extends JsonValue>(
  factory: Factory<DetectorGiven<S>>,
  exemptions?: Exemptions<DetectorCaseId>,
): void => detectorSuite(runner, factory, exemptions)
