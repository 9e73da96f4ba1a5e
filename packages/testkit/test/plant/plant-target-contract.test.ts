import { targetContract } from '@andon/testkit/vitest'
import { plantGiven } from '../support/plant-given.js'

targetContract(plantGiven)
