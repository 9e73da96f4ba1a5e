import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { plantTarget, startPlant } from '@andon/testkit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { contextOf, plantAction } from '../support/plant-given.js'

let folder = ''
let journal = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'andon-plant-'))
  journal = join(folder, 'plant.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const batches = [{ batch: 'C-1', component: 'compressor' }]

it('a plant that is started again stands where it stood', async () => {
  const before = await startPlant({ journal, batches })
  const target = plantTarget({ url: before.url })
  await target.execute(plantAction('material.hold', 1), contextOf())
  await target.execute(plantAction('notify', 2), contextOf())
  const state = before.state()
  await before.close()
  const after = await startPlant({ journal })
  expect(after.state()).toEqual(state)
  expect(after.state().batches[0]?.status).toBe('held')
  await after.close()
})

it('a line that a kill cut off counts as never written', async () => {
  const before = await startPlant({ journal, batches })
  const state = before.state()
  await before.close()
  appendFileSync(journal, '{"method":"POST","path":"/batches/C-1/ho')
  const after = await startPlant({ journal })
  await plantTarget({ url: after.url }).execute(plantAction('material.hold', 1), contextOf())
  await after.close()
  const again = await startPlant({ journal })
  expect(state.batches[0]?.status).toBe('free')
  expect(again.state().batches[0]?.status).toBe('held')
  await again.close()
})

it('a file that is no journal of a plant is refused by name', async () => {
  writeFileSync(journal, 'id,complaint\n1,noise\n')
  await expect(startPlant({ journal })).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    details: { option: 'journal' },
  })
})

it('a port that is taken is refused by name', async () => {
  const plant = await startPlant()
  await expect(startPlant({ port: plant.port })).rejects.toMatchObject({ details: { option: 'port' } })
  await plant.close()
})

/** The module hooks below let a plain Node read the workspace's sources, as vitest does. */
const runner = fileURLToPath(new URL('../support/run-sources.mjs', import.meta.url))
const script = fileURLToPath(new URL('../support/plant.program.ts', import.meta.url))

/** Core's sources use TypeScript that must be transformed, not only stripped. */
const nodeOptions = [
  '--experimental-transform-types',
  '--disable-warning=ExperimentalWarning',
  '--import',
  runner,
]

async function spawnPlant(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [...nodeOptions, script, journal], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (part) => {
    complaint += String(part)
  })
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`it ended: ${complaint}`)))
  ended.catch(() => undefined)
  const [address] = await Promise.race([once(child.stdout, 'data'), ended])
  return { child, url: String(address).trim() }
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

it('a plant that is killed in its own process has kept every effect it answered', async () => {
  const first = await spawnPlant()
  const hold = plantAction('material.hold', 1)
  const receipt = await plantTarget({ url: first.url }).execute(hold, contextOf())
  await kill(first.child)
  const second = await spawnPlant()
  const again = await plantTarget({ url: second.url }).execute(hold, contextOf(2))
  await kill(second.child)
  expect(again).toMatchObject({ reference: receipt.reference, alreadyDone: true })
})
