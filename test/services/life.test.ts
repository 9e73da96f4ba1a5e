import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { inRoot } from '../../scripts/lib/root.mjs'
import { run } from '../../scripts/lib/run.mjs'
import { probe } from '../../scripts/lib/services/probe.mjs'
import { services } from '../../scripts/lib/services.mjs'
import { privateServers } from '../support/private-servers.js'
import { describeWith, servers, startedServers } from '../support/servers.js'
import { folderOfTest } from './listener.js'

/** The quickest of the servers stands for all: what is tested is what they have in common. */
const name = 'postgres'
const patient = { timeout: 120_000 }

function setOfTest() {
  const folder = folderOfTest()
  const set = services({ folder, environment: {} })
  onTestFinished(async () => {
    await set.down(undefined, { purge: true })
  })
  const status = async () => (await set.status([name])).get(name)
  const command = (...args: string[]) =>
    run('node', [inRoot('scripts', 'services.mjs'), ...args, name, '--folder', folder], {
      env: { ANDON_POSTGRES: '' },
    })
  return { folder, set, status, command }
}

describeWith('a server that was started', startedServers.postgres, () => {
  it(
    'outlives the command, is there at once when asked for again, and ends on command',
    patient,
    async () => {
      const { status, command } = setOfTest()
      expect(await command('status')).toMatchObject({ code: 1, output: `${name}  down\n` })
      expect(await command('up')).toMatchObject({ code: 0 })
      const first = await status()
      expect(first).toMatchObject({ state: 'up', way: expect.any(String) })
      const again = await command('up', '--json')
      expect(again.code).toBe(0)
      expect(JSON.parse(again.output)).toEqual({ [name]: first?.address })
      expect(await status()).toEqual(first)
      expect(await command('status')).toMatchObject({ code: 0 })
      expect(await command('down')).toMatchObject({ code: 0, output: `Stopped: ${name}.\n` })
      expect(await status()).toEqual({ state: 'down' })
      expect(await command('down')).toMatchObject({ code: 0, output: 'Nothing was started here.\n' })
    },
  )

  it('is killed and started again on the same data, where it was', patient, async () => {
    const set = privateServers()
    const status = async () => (await set.status([name])).get(name)
    const before = await set.up([name])
    await set.kill(name, 'SIGKILL')
    expect(await status()).toMatchObject({ state: 'ended' })
    expect(await set.up([name])).toEqual(before)
    if ((await status())?.way === 'native') {
      const log = readFileSync(join(set.folder, name, `${name}.log`), 'utf8')
      expect(log).toContain('automatic recovery in progress')
    }
  })

  it('is taken for one that works only when it lets the user in', async () => {
    const url = servers.postgres?.url ?? ''
    const wrong = new URL(url)
    wrong.password = 'wrong'
    expect(await probe(name, { [name]: { url } })).toBeUndefined()
    expect(await probe(name, { [name]: { url: wrong.href } })).toMatch(/password authentication failed/)
    expect(await probe(name, { [name]: { url: `${url}x` } })).toMatch(/does not exist/)
  })

  it('lives beside another set, and each stops only its own', patient, async () => {
    const [one, two] = [setOfTest(), setOfTest()]
    const [first, second] = await Promise.all([one.set.up([name]), two.set.up([name])])
    expect(first.postgres?.url).not.toBe(second.postgres?.url)
    await one.set.down()
    expect(await one.status()).toEqual({ state: 'down' })
    expect(await two.status()).toMatchObject({ state: 'up' })
  })

  it('ends with the process that had it for itself, even when that is killed', patient, async () => {
    const { status, folder } = setOfTest()
    const program = `
      import { services } from ${JSON.stringify(inRoot('scripts/lib/services.mjs'))}
      import { stopWhenThisProcessEnds } from ${JSON.stringify(inRoot('scripts/lib/services/guard.mjs'))}
      stopWhenThisProcessEnds(${JSON.stringify(folder)}, [])
      await services({ folder: ${JSON.stringify(folder)}, environment: {} }).up(['${name}'])
      process.stdout.write('up')
      setInterval(() => {}, 1000)`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise((resolve) => owner.stdout.once('data', resolve))
    expect(await status()).toMatchObject({ state: 'up' })
    owner.kill('SIGKILL')
    await vi.waitFor(async () => expect(await status()).toEqual({ state: 'down' }), { timeout: 30_000 })
  })
})
