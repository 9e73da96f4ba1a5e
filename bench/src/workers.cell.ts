import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { RawPayload } from '@andon/core'
import { complaints } from './lib/complaints.ts'
import { type HybridAddresses, hybridAndon } from './lib/hybrid-andon.ts'

// One cell of `hybrid`: so many workers analyse what is on the stream already, with a detector that costs processor time.
const args = JSON.parse(process.argv[2] ?? '{}') as HybridAddresses & {
  workers: number
  count: number
  seed: number
  /** Of the processor, for each feedback. */
  microseconds: number
}
const program = fileURLToPath(new URL('./lib/busy-worker.ts', import.meta.url))
const batchSize = 500

// A stage without rules takes the feedback in, and leaves.
const intake = hybridAndon(args, { stage: 'rnd' })
await intake.start()
const make = complaints(args.seed)
for (let sent = 0; sent < args.count; sent += batchSize) {
  const now = Date.now()
  const batch: RawPayload[] = Array.from({ length: batchSize }, (_, index) => make(sent + index, now))
  await intake.ingest(batch)
}
await intake.close()

let analysed = 0
let startedAt = 0
const done = Promise.withResolvers<void>()
const children = Array.from({ length: args.workers }, () => {
  const child = fork(program, [JSON.stringify(args)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  child.on('message', ({ observed }: { observed: number }) => {
    if (analysed === 0) startedAt = performance.now()
    analysed += observed
    if (analysed >= args.count) done.resolve()
  })
  return child
})
await done.promise
const seconds = (performance.now() - startedAt) / 1000
await Promise.all(
  children.map(
    (child) =>
      new Promise<void>((resolve) => {
        child.once('close', () => resolve())
        child.send('close')
      }),
  ),
)
process.stdout.write(JSON.stringify({ feedbackPerSecond: Math.round(args.count / seconds) }))
