import {
  busContract,
  partitionedBusContract,
  sinkContract,
  sourceContract,
  storeContract,
  targetContract,
} from '@andon/testkit/vitest'
import {
  memoryBusGiven,
  memoryPartitionsGiven,
  memorySinkGiven,
  memorySourceGiven,
  memoryStoreGiven,
  memoryTargetGiven,
} from '../support/given.js'

storeContract(memoryStoreGiven)
busContract(memoryBusGiven)
partitionedBusContract(memoryPartitionsGiven)
sinkContract(memorySinkGiven)
sourceContract(memorySourceGiven)
targetContract(memoryTargetGiven)
