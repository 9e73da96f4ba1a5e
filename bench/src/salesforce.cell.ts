import { salesforceCases } from '@andon/connector-salesforce'
import type { Position } from '@andon/core/connector'
import { quantile } from './lib/cells.ts'
import { nanoseconds, type OrgWork, salesforceProcess } from './lib/salesforce-process.ts'

// One cell of connector-salesforce: change events of an org in another process, from where they wait to where a batch is
// handed over.
const args = JSON.parse(process.argv[2] ?? '{}') as {
  /** Events that wait, or come evenly. */
  readonly what: 'backlog' | 'steady'
  readonly events: number
  /** Of steady ones. */
  readonly perSecond: number
}
const cases = 500
const warmUp = 5_000

const org = await salesforceProcess(cases)
const source = salesforceCases({
  url: org.url,
  auth: { kind: 'client-credentials', clientId: 'andon-client', clientSecret: 'andon-secret' },
  endpoint: org.endpoint,
  comments: false,
  emails: false,
})
let position: Position | undefined

const subjectOf = (body: unknown): string =>
  typeof body === 'object' && body !== null ? String(Reflect.get(body, 'subject')) : ''

/** Reads until it has seen so many payloads with such a subject; as an engine does, a position is kept for each batch. */
async function read(
  begins: string,
  count: number,
  seen: (subject: string) => void = () => undefined,
): Promise<void> {
  const signal = new AbortController().signal
  let left = count
  for await (const batch of source.receive(
    position === undefined ? { signal } : { signal, resumeFrom: position },
  )) {
    for (const { body } of batch.items) {
      const subject = subjectOf(body)
      if (!subject.startsWith(begins)) continue
      seen(subject)
      left -= 1
    }
    position = batch.position ?? position
    await batch.commit()
    if (left <= 0) return
  }
}

/** Has it done while it is read, once the stream is open. */
async function during(work: OrgWork, reading: Promise<void>): Promise<void> {
  while ((await org.work({ kind: 'look' })).streams === 0)
    await new Promise((resolve) => setTimeout(resolve, 20))
  // A stream that begins at its end may have begun a little before it delivers.
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  await org.work(work)
  await reading
}

const pause = 300
await during({ kind: 'steady', changes: warmUp, perSecond: 2_000 }, read('steady', warmUp))
globalThis.gc?.()
await new Promise((resolve) => setTimeout(resolve, pause))

if (args.what === 'backlog') {
  await org.work({ kind: 'burst', changes: args.events })
  const [cpu, from] = [process.cpuUsage(), performance.now()]
  await read('change', args.events)
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage(cpu)
  process.stdout.write(
    JSON.stringify({
      eventsPerSecond: Math.round(args.events / seconds),
      cpuMicroseconds: Number(((user + system) / args.events).toFixed(1)),
    }),
  )
} else {
  const delays: number[] = []
  const reading = read('steady', args.events, (subject) => {
    delays.push(Number(nanoseconds() - BigInt(subject.split(' ')[2] ?? 0)) / 1e6)
  })
  await during({ kind: 'steady', changes: args.events, perSecond: args.perSecond }, reading)
  const ms = (q: number): number => Number(quantile(delays, q).toFixed(2))
  process.stdout.write(JSON.stringify({ p50Ms: ms(0.5), p99Ms: ms(0.99), p999Ms: ms(0.999), maxMs: ms(1) }))
}
await source.close()
org.close()
