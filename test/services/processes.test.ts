import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isRunning, startDetached, startTime } from '../../scripts/lib/services/processes.mjs'
import { readState, writeState } from '../../scripts/lib/services/state.mjs'
import { services } from '../../scripts/lib/services.mjs'
import { folderOfTest } from './listener.js'

const sleeper = ['-e', 'setInterval(() => {}, 1000)']

describe('a process that was started', () => {
  it('is known by its number and the time of its start', async () => {
    const folder = folderOfTest()
    const log = join(folder, 'log')
    const started = await startDetached({
      name: 'sleeper',
      command: process.execPath,
      args: sleeper,
      cwd: folder,
      log,
    })
    onTestFinished(() => {
      if (isRunning(started)) {
        process.kill(started.pid, 'SIGKILL')
      }
    })
    expect(isRunning(started)).toBe(true)
    expect(isRunning({ ...started, startedAt: `${started.startedAt}1` })).toBe(false)
    expect(isRunning({ ...started, startedAt: '' })).toBe(false)
  })

  it('is not mistaken for a later one that got its number: down leaves that alone', async () => {
    const stray = spawn(process.execPath, sleeper, { stdio: 'ignore' })
    onTestFinished(() => {
      stray.kill('SIGKILL')
    })
    const pid = stray.pid ?? 0
    const folder = folderOfTest()
    const ofServer = join(folder, 'postgres')
    mkdirSync(ofServer)
    // What a set wrote before the machine was restarted, say.
    writeState(ofServer, {
      way: 'native',
      portBase: 26_000,
      bench: false,
      processes: [{ name: 'postgres', pid, startedAt: 'another boot 4711' }],
    })
    const set = services({ folder, environment: {} })
    expect((await set.status(['postgres'])).get('postgres')).toMatchObject({ state: 'ended' })
    await set.kill('postgres', 'SIGKILL')
    expect(await set.down()).toEqual(['postgres'])
    expect(readState(ofServer)).toBeUndefined()
    expect(startTime(pid)).toBeDefined()
  })
})
