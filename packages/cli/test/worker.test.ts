import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { workerHeap } from '../src/commands/worker-heap.js'
import { andon, FakeIo, folderWith, type Ran } from './helpers.js'

const config = fileURLToPath(new URL('./fixtures/workers.config.ts', import.meta.url))

function started(...argv: readonly string[]): { readonly io: FakeIo; readonly ran: Promise<Ran> } {
  vi.resetModules()
  const io = new FakeIo()
  return { io, ran: andon(['worker', ...argv], io) }
}

describe('andon worker', () => {
  test('the options of its heap are known to this Node', () => {
    const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
    for (const option of workerHeap) {
      const [name = ''] = option.replace(/^--(no-)?/, '').split('=')
      expect(known).toContain(`  --${name} (`)
    }
  })

  test('runs the rules of quality when no stage is named, and closes at the first signal', async () => {
    const { io, ran } = started(config)
    await io.until('out', 'succeeded')
    io.interrupt()
    const { code, out, err } = await ran

    expect(code).toBe(0)
    expect(out).toContain('smoke')
    expect(out).not.toContain('line stop')
    expect(err).toBe('Running. Ctrl-C drains and closes; a second one stops at once.\nDraining …\nClosed.\n')
  })

  test('runs the rules of the stage it is given, and of no other', async () => {
    const { io, ran } = started(config, '--stage', 'assembly', '--json')
    await io.until('out', '"status":"succeeded"')
    io.interrupt()
    const { code, out } = await ran

    expect(code).toBe(0)
    expect(out).toContain('line_stop')
    expect(out).not.toContain('"rule":"smoke"')
  })

  test('without a config here says which files it looked for', async () => {
    const { code, err } = await andon(['worker'])

    expect(code).toBe(2)
    expect(err).toContain('andon.config.')
  })

  test.each([
    ['en', 'gives no bus, and workers share nothing without one'],
    ['zh', '未提供 bus，没有它工作进程之间无法共享'],
  ])('says what is missing when the config gives no bus (%s)', async (language, text) => {
    const at = folderWith({ 'a.config.mjs': 'export default { channels: [] }' })
    const { code, err } = await andon(['worker', at('a.config.mjs'), '--lang', language])

    expect(code).toBe(1)
    expect(err).toContain(text)
    expect(err).toContain('andon run')
  })

  test('refuses a stage that there is not, and names those that there are', async () => {
    const { code, err } = await andon(['worker', config, '--stage', 'paint'])

    expect(code).toBe(2)
    for (const stage of ['assembly', 'quality', 'rnd']) expect(err).toContain(stage)
  })

  test.each([
    ['en', 'start one of many processes that share a bus and a store'],
    ['zh', '启动共享同一总线与存储的多个工作进程之一'],
  ])('its help says what it is for (%s)', async (language, text) => {
    const { code, out } = await andon(['worker', '--help', '--lang', language])

    expect(code).toBe(0)
    expect(out).toContain(text)
    expect(out).toContain('--stage')
    expect(out).toContain('andon worker --stage quality')
  })
})
