import {
  busContract,
  sinkContract,
  sourceContract,
  storeContract,
  targetContract,
} from '@andon/testkit/vitest'
import {
  memoryBusGiven,
  memorySinkGiven,
  memorySourceGiven,
  memoryStoreGiven,
  memoryTargetGiven,
} from '../support/given.js'

storeContract(memoryStoreGiven)
busContract(memoryBusGiven)
sinkContract(memorySinkGiven)
sourceContract(memorySourceGiven)
targetContract(memoryTargetGiven)
