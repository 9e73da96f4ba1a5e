// A member of a group in a process of its own, to be killed: says on each line how many partitions it has.
import { kafkaBus } from '@andon/connector-kafka'
import * as z from 'zod'

const setup = z
  .object({ brokers: z.array(z.string()), prefix: z.string(), topic: z.string(), group: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ''))
const bus = kafkaBus({ brokers: setup.brokers, prefix: setup.prefix, sessionTimeoutMs: 6_000 })
let held = 0
const options = { topics: [setup.topic], group: setup.group, signal: new AbortController().signal }
for await (const partition of bus.partitions(options)) {
  held += 1
  console.log(held)
  partition.lost.addEventListener('abort', () => {
    held -= 1
    console.log(held)
    void partition.release()
  })
}
