import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type PlantOptions, startPlant } from '@andon/testkit'

/** A plant in a process of its own, as a real one is: its work is not counted as ours. */
export interface PlantProcess {
  readonly url: string
  /** Ends the process; resolves with what it did. */
  close(): Promise<{ readonly requests: number; readonly deeds: number; readonly cpuSeconds: number }>
}

export function plantProcess(options: PlantOptions): Promise<PlantProcess> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', (started: { url: string }) =>
      resolve({
        url: started.url,
        close: () =>
          new Promise((done) => {
            child.once('message', (counts: { requests: number; deeds: number; cpuSeconds: number }) =>
              done(counts),
            )
            child.send('close')
          }),
      }),
    )
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const plant = await startPlant(JSON.parse(process.argv[2] ?? '{}') as PlantOptions)
  process.on('message', async () => {
    const { user, system } = process.cpuUsage()
    const deeds = plant.state().actions.length
    process.send?.({ requests: plant.requests, deeds, cpuSeconds: (user + system) / 1e6 })
    await plant.close()
    process.disconnect()
  })
  process.send?.({ url: plant.url })
}
