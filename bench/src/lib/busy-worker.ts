import type { Detector } from '@andon/core/connector'
import { type HybridAddresses, hybridAndon } from './hybrid-andon.ts'

// A worker whose detector costs a given processor time for each feedback. Tells its parent how many partitions it has and
// how many feedbacks it has seen.
const args = JSON.parse(process.argv[2] ?? '{}') as HybridAddresses & { microseconds: number }

const busy: Detector = {
  contract: 1,
  name: 'busy',
  capabilities: {},
  init: () => ({}),
  observe(_state, batch) {
    const end = performance.now() + (batch.length * args.microseconds) / 1000
    while (performance.now() < end);
    process.send?.({ observed: batch.length })
    return []
  },
}
const andon = hybridAndon(args, { detectors: [busy] })
await andon.start()
// So that nobody is measured before everybody has a share.
const telling = setInterval(() => {
  void andon.health().then(({ worker }) => process.send?.({ partitions: worker?.partitions.length ?? 0 }))
}, 250)
process.once('message', async () => {
  clearInterval(telling)
  await andon.close()
  process.disconnect()
})
