import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { RawPayload } from '@andon/core'
import { complaints } from './lib/complaints.ts'
import { type HybridAddresses, hybridAndon } from './lib/hybrid-andon.ts'

// One cell of `hybrid`: so many workers share the stream, each with a detector that costs processor time.
const args = JSON.parse(process.argv[2] ?? '{}') as HybridAddresses & {
  workers: number
  count: number
  seed: number
  /** Of the processor, for each feedback. */
  microseconds: number
}
const program = fileURLToPath(new URL('./lib/busy-worker.ts', import.meta.url))
const batchSize = 500

let analysed = 0
const done = Promise.withResolvers<void>()
const shared = Promise.withResolvers<void>()
const shares = new Map<number, number>()
/** Each has as many partitions as the others, or one less. */
const isShared = (): boolean => {
  const held = [...shares.values()]
  const fair = Math.floor(args.partitions / args.workers)
  return held.length === args.workers && held.every((partitions) => partitions >= fair)
}
const children = Array.from({ length: args.workers }, (_, worker) => {
  const child = fork(program, [JSON.stringify(args)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  child.on('message', ({ partitions, observed = 0 }: { partitions?: number; observed?: number }) => {
    if (partitions !== undefined) shares.set(worker, partitions)
    if (isShared()) shared.resolve()
    analysed += observed
    if (analysed >= args.count) done.resolve()
  })
  return child
})
// A stage without rules takes the feedback in.
const intake = hybridAndon(args, { stage: 'rnd' })
await intake.start()
await shared.promise
const make = complaints(args.seed)
const startedAt = performance.now()
for (let sent = 0; sent < args.count; sent += batchSize) {
  const now = Date.now()
  const batch: RawPayload[] = Array.from({ length: batchSize }, (_, index) => make(sent + index, now))
  await intake.ingest(batch)
}
await done.promise
const seconds = (performance.now() - startedAt) / 1000
await intake.close()
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
