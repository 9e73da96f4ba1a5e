import { sinkContract, sourceContract } from '@andon/testkit/vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { sinkGiven, sourceGiven } from './support/given.js'

describeWith('on a real RabbitMQ', servers.rabbitmq, ({ url }) => {
  sourceContract(() => sourceGiven(url), {
    position: 'the broker remembers what was acknowledged: a queue has no positions',
  })
  sinkContract(() => sinkGiven(url))
})
