import { busContract } from '@andon/testkit/vitest'
import { describe } from 'vitest'
import { brokerUrl, busGiven } from './support/given.js'

describe.skipIf(brokerUrl === undefined)('rabbitBus on a real broker', () => {
  busContract(busGiven)
})
