import { targetContract } from '@andon/testkit/vitest'
import { mesGiven } from './support/given.js'

targetContract(mesGiven)
