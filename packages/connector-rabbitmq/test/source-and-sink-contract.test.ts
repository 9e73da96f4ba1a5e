import { sinkContract, sourceContract } from '@andon/testkit/vitest'
import { describe } from 'vitest'
import { brokerUrl, sinkGiven, sourceGiven } from './support/given.js'

describe.skipIf(brokerUrl === undefined)('on a real broker', () => {
  sourceContract(sourceGiven, {
    position: 'the broker remembers what was acknowledged: a queue has no positions',
  })
  sinkContract(sinkGiven)
})
