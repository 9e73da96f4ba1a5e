import { parseArgs } from 'node:util'
import { salesforceCases } from '@andon/connector-salesforce'
import type { Position } from '@andon/core/connector'
import { startSalesforce } from '@andon/testkit'
import { machine } from './lib/cells.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '50000' },
    steady: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`npm run bench -- salesforce [--events 50000] [--steady 2000] [--json]

Change events of 500 cases with 500 characters each, from a simulated org in the same process, whose work is counted, too.
  backlog  events that wait are read, completed by their records and handed over
  steady   200 changes a second: from the change to the batch
`)
  process.exit(0)
}

const org = await startSalesforce({ apiCallsPerDay: 10_000_000 })
const ids = Array.from({ length: 500 }, (_, number) =>
  org.create('Case', { Subject: `case ${number}`, Description: 'It does not cool. '.repeat(28) }),
)
const source = salesforceCases({
  url: org.url,
  auth: { kind: 'client-credentials', clientId: 'andon-client', clientSecret: 'andon-secret' },
  endpoint: `http://${org.pubSubEndpoint}`,
  comments: false,
  emails: false,
})
const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
let position: Position | undefined

/** Reads until it has seen so many payloads of events. */
async function read(count: number, seen: (subject: unknown) => void = () => undefined): Promise<void> {
  const context = { signal: new AbortController().signal }
  let left = count
  for await (const batch of source.receive(
    position === undefined ? context : { ...context, resumeFrom: position },
  )) {
    for (const { body } of batch.items)
      seen(typeof body === 'object' ? Reflect.get(body, 'subject') : undefined)
    position = batch.position ?? position
    await batch.commit()
    left -= batch.items.length
    if (left <= 0) return
  }
}

// The snapshot, and one event, so that there is a place to resume from.
const begun = read(ids.length + 20)
while (org.events.subscriptions.length === 0) await wait(10)
await wait(500)
for (let number = 0; number < 20; number += 1) {
  org.update('Case', ids[number] ?? '', { Subject: `warm ${number}` })
  await wait(20)
}
await begun

const events = Number(values.events)
for (let number = 0; number < events; number += 1) {
  org.update('Case', ids[number % ids.length] ?? '', { Subject: `change ${number}` })
}
const cpu = process.cpuUsage()
const from = performance.now()
await read(events)
const { user, system } = process.cpuUsage(cpu)
const backlogSeconds = (performance.now() - from) / 1000

const steady = Number(values.steady)
const sent = new Map<string, number>()
const delays: number[] = []
const steadyRead = read(steady, (subject) => {
  const at = sent.get(String(subject))
  if (at !== undefined) delays.push(performance.now() - at)
})
await wait(500)
const start = performance.now()
for (let number = 0; number < steady; number += 1) {
  const subject = `steady ${number}`
  sent.set(subject, performance.now())
  org.update('Case', ids[number % ids.length] ?? '', { Subject: subject })
  const due = start + (number + 1) * 5
  if (due > performance.now()) await wait(due - performance.now())
}
await steadyRead
delays.sort((a, b) => a - b)
const at = (share: number): number =>
  Number((delays[Math.floor(delays.length * share)] ?? Number.NaN).toFixed(1))

const figures = {
  eventsPerSecond: Math.round(events / backlogSeconds),
  eventsPerProcessorSecond: Math.round((events * 1_000_000) / (user + system)),
  steadyP50Ms: at(0.5),
  steadyP99Ms: at(0.99),
}
await source.close()
await org.close()
process.stdout.write(
  values.json
    ? `${JSON.stringify({ machine: machine(), ...figures })}\n`
    : `backlog ${figures.eventsPerSecond.toLocaleString('en')} events/s, ${figures.eventsPerProcessorSecond.toLocaleString('en')} per second of processor (the org's own work included)
steady  200 changes/s: from change to batch p50 ${figures.steadyP50Ms} ms, p99 ${figures.steadyP99Ms} ms\n`,
)
