import { expect, it } from 'vitest'
import { rabbitmqNative } from '../../scripts/lib/services/rabbitmq-native.mjs'
import { runCluster } from '../support/rabbit-cluster/run.mjs'
import { describeWith, startedServers } from '../support/servers.js'

// Docker may have brought up the one RabbitMQ that there is; a cluster is of processes.
const canStart = (await rabbitmqNative.missingPackages('')).length === 0

// The long version: npm run soak -- cluster.
describeWith('the RabbitMQ bus on a cluster of three nodes', startedServers.rabbitmq, () => {
  it.skipIf(!canStart)(
    'each node is killed once: what was confirmed arrives in the order of its keys, new processes publish, consumers share',
    { timeout: 300_000 },
    async () => {
      const run = await runCluster({ seed: 13, everyMs: 300, paceMs: 100, patienceMs: 20_000 })
      expect(run).toMatchObject({ problems: [], kills: [1, 1, 1], lost: 0, outOfOrder: 0 })
    },
  )
})
