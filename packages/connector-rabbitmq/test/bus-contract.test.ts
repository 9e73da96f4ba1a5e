import { busContract } from '@andon/testkit/vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { busGiven } from './support/given.js'

describeWith('rabbitBus on a real RabbitMQ', servers.rabbitmq, ({ url }) => {
  busContract(() => busGiven(url))
})

describeWith('rabbitBus with three priorities', servers.rabbitmq, ({ url }) => {
  busContract(() => busGiven(url, { priorities: 3 }))
})

describeWith('rabbitBus on classic queues', servers.rabbitmq, ({ url }) => {
  busContract(() => busGiven(url, { queueType: 'classic', priorities: 3 }))
})
