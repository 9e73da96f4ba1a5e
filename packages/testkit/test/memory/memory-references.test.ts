import { busContract, sourceContract, storeContract, targetContract } from '@andon/testkit/vitest'
import { memoryBusGiven, memorySourceGiven, memoryStoreGiven, memoryTargetGiven } from '../support/given.js'

storeContract(memoryStoreGiven)
busContract(memoryBusGiven)
sourceContract(memorySourceGiven)
targetContract(memoryTargetGiven)
