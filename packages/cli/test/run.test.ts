import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { andon, FakeIo, folderWith, type Ran } from './helpers.js'

const config = fileURLToPath(new URL('./fixtures/plant.config.ts', import.meta.url))

function started(options: { readonly argv?: readonly string[]; readonly stuck?: boolean } = {}): {
  readonly io: FakeIo
  readonly ran: Promise<Ran>
} {
  const at = folderWith({})
  vi.stubEnv('ANDON_TEST_DATA', at('data'))
  vi.stubEnv('ANDON_TEST_STUCK', options.stuck === true ? '1' : '0')
  vi.resetModules()
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const io = new FakeIo()
  return { io, ran: andon(['run', config, ...(options.argv ?? [])], io) }
}

describe('andon run', () => {
  test('prints signals, actions and what is quarantined as they happen, and closes at the first signal', async () => {
    const { io, ran } = started()
    await io.until('out', 'succeeded')
    io.interrupt()
    const { code, out, err } = await ran

    expect(code).toBe(0)
    expect(out).toMatch(/signal {2}open {2}smoke: severity_score = 9\.5 {2}\(9\.5, 1×\)\n/)
    expect(out).toMatch(/action {2}escalate → host {2}approved {2}Mode auto: automatic\.\n/)
    expect(out).toMatch(/action {2}escalate → host {2}succeeded/)
    expect(out).toMatch(/quarantined {2}\S+ {2}symptomText is empty\n/)
    expect(err).toBe('Running. Ctrl-C drains and closes; a second one stops at once.\nDraining …\nClosed.\n')
  })

  test('prints one JSON object a line with --json', async () => {
    const { io, ran } = started({ argv: ['--json'] })
    await io.until('out', '"status":"succeeded"')
    io.interrupt()
    const { out, err } = await ran
    const events: unknown[] = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))

    expect(err).toBe('')
    expect(events[0]).toMatchObject({ event: 'started', at: expect.stringMatching(/Z$/) })
    expect(events).toContainEqual(
      expect.objectContaining({ event: 'signal', signal: expect.objectContaining({ rule: 'smoke' }) }),
    )
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'quarantined',
        problems: [expect.objectContaining({ field: 'symptomText' })],
      }),
    )
    expect(events.at(-1)).toMatchObject({ event: 'closed' })
  })

  test('stops at once at the second signal when draining hangs', async () => {
    const { io, ran } = started({ stuck: true })
    await io.until('out', 'succeeded')
    io.interrupt()
    await io.until('err', 'Draining')
    io.interrupt()

    expect((await ran).code).toBe(130)
  })

  test('speaks Chinese when asked', async () => {
    const { io, ran } = started({ argv: ['--lang', 'zh'] })
    await io.until('out', 'succeeded')
    io.interrupt()
    const { out, err } = await ran

    expect(out).toContain('动作  escalate → host  approved  模式 auto：自动执行。')
    expect(err).toContain('正在排空')
  })
})

describe('a config that cannot run', () => {
  const failing = async (text: string): Promise<Ran> =>
    andon(['run', folderWith({ 'a.config.mjs': text })('a.config.mjs')])

  test('without a default export says what to write', async () => {
    const { code, err } = await failing('export const a = 1')

    expect(code).toBe(1)
    expect(err).toContain('export default defineConfig({ channels: […] })')
  })

  test('that throws says what', async () => {
    const { code, err } = await failing("throw new Error('no licence')")

    expect(code).toBe(1)
    expect(err).toContain('no licence')
  })

  test('with an option that does not exist names it', async () => {
    const { code, err } = await failing('export default { channels: [], colour: 1 }')

    expect(code).toBe(1)
    expect(err).toMatch(/Option createAndon\.\w+ is not valid/)
  })

  test('that is not there is wrong use', async () => {
    const { code, err } = await andon(['run', 'no-such.config.ts'])

    expect({ code, err }).toEqual({ code: 2, err: 'andon: There is no file no-such.config.ts.\n' })
  })
})
