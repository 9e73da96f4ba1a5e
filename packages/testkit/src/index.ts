export { type BusCaseId, type BusGiven, busContract } from './contract/bus-contract.js'
export { type ChannelCaseId, type ChannelGiven, channelContract } from './contract/channel-contract.js'
export { type DetectorCaseId, type DetectorGiven, detectorContract } from './contract/detector-contract.js'
export { partitionedBusContract } from './contract/partitioned-bus-contract.js'
export type {
  PartitionedBusCaseId,
  PartitionedBusGiven,
  StrangeMember,
} from './contract/partitioned-bus-given.js'
export type { BadOption, PluginCaseId, PluginGiven, ProvokedFailure } from './contract/plugin-cases.js'
export {
  type CaseResult,
  type ContractIt,
  type ContractRunner,
  type RecordingRunner,
  recordingRunner,
} from './contract/runner.js'
export { type SinkCaseId, type SinkGiven, sinkContract } from './contract/sink-contract.js'
export { type SourceCaseId, type SourceGiven, sourceContract } from './contract/source-contract.js'
export { type StoreCaseId, type StoreExemptions, storeContract } from './contract/store-contract.js'
export type { StoreGiven } from './contract/store-given.js'
export type { Exemptions, Factory } from './contract/suite.js'
export {
  type TargetCaseId,
  type TargetFault,
  type TargetGiven,
  targetContract,
} from './contract/target-contract.js'
export type {
  DigitalManufacturingState,
  DmChange,
  DmHold,
  DmNonconformance,
  DmOrder,
  DmRouting,
  DmSetPointGroup,
  DmSetPointParameter,
  DmSfc,
  DmStock,
} from './digital-manufacturing/shop-floor.js'
export type { ShopFloorSetup } from './digital-manufacturing/shop-floor-setup.js'
export {
  type DigitalManufacturing,
  type DigitalManufacturingOptions,
  startDigitalManufacturing,
} from './digital-manufacturing/start-digital-manufacturing.js'
export type { MemoryFault } from './memory/fault.js'
export { type MemoryBroker, type MemoryBrokerOptions, memoryBroker } from './memory/memory-broker.js'
export { type MemoryBus, type MemoryBusOptions, memoryBus } from './memory/memory-bus.js'
export { type MemorySink, type MemorySinkOptions, memorySink } from './memory/memory-sink.js'
export { type MemorySource, type MemorySourceOptions, memorySource } from './memory/memory-source.js'
export { type MemoryStorage, memoryStorage } from './memory/memory-storage.js'
export { type MemoryStoreOptions, memoryStore } from './memory/memory-store.js'
export {
  type MemoryEffect,
  type MemorySystem,
  type MemorySystemSetup,
  memorySystem,
} from './memory/memory-system.js'
export {
  type MemoryTarget,
  type MemoryTargetFailure,
  type MemoryTargetOptions,
  memoryTarget,
} from './memory/memory-target.js'
export { partitionOf } from './memory/partition-of.js'
export type { MesAdmission } from './mes/admission.js'
export type { MesAlarm } from './mes/alarm-feed.js'
export { type Mes, type MesOptions, startMes } from './mes/start-mes.js'
export type { EntityChange } from './odata/tables.js'
export type { PlantFault, PlantFaults } from './plant/faults.js'
export type {
  PlantBatch,
  PlantChange,
  PlantDeed,
  PlantEquipment,
  PlantHold,
  PlantInspection,
  PlantMessage,
  PlantNotification,
  PlantOrder,
  PlantParameter,
  PlantState,
  PlantUnit,
} from './plant/floor.js'
export type { FloorSetup } from './plant/floor-setup.js'
export { type PlantTargetOptions, plantTarget } from './plant/plant-target.js'
export type { PlantQuote } from './plant/quotes.js'
export { type Plant, type PlantOptions, startPlant } from './plant/start-plant.js'
export { seededRandom } from './random.js'
export type { MarkedDocument } from './s4hana/marked-documents.js'
export type { S4HanaOptions } from './s4hana/setup.js'
export { type S4Hana, type S4HanaState, startS4Hana } from './s4hana/start-s4hana.js'
export type { SalesforceOptions } from './salesforce/options.js'
export type { SalesforceChange, SalesforceRecord, SalesforceValue } from './salesforce/record.js'
export { SalesforceRefusal } from './salesforce/refusal.js'
export type {
  ChangeOptions,
  MessageFault,
  Salesforce,
  SalesforceData,
  SalesforceEvents,
  StreamEnd,
  StreamOpening,
} from './salesforce/salesforce.js'
export { startSalesforce } from './salesforce/start-salesforce.js'
export {
  sampleAction,
  sampleEntry,
  sampleFeedback,
  sampleQuote,
  sampleRaw,
  sampleSignal,
  sampleStart,
} from './sample.js'
export { sampleEvent } from './sample-event.js'
export { sampleQuarantineRecord } from './sample-quarantine.js'
export type { FaultControl } from './simulator/fault-injector.js'
export type { RequestMatch, SimulatorFault, SimulatorFaults } from './simulator/fault-kinds.js'
export type { OAuthSetup } from './simulator/oauth.js'
export type { LoggedRequest } from './simulator/request-log.js'
export type { Simulator, SimulatorOptions } from './simulator/start-simulator.js'
export { type VirtualClock, virtualClock } from './virtual-clock.js'
