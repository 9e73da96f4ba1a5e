import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { folderWith, seedRule } from './helpers.js'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const bin = path('../bin/andon.mjs')
const config = path('./fixtures/plant.config.ts')
const built = existsSync(path('../dist/main.js'))
const skip = !built && process.env.CI === undefined
if (skip) console.warn('skipped: the andon process is tested after "npm run build"')

function start(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = spawn(process.execPath, [bin, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LANG: 'C', LC_ALL: 'C', ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  const seen = Promise.withResolvers<void>()
  let wanted: string | undefined
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (wanted !== undefined && text.includes(wanted)) seen.resolve()
    })
  }
  const ended = new Promise<{ readonly code: number | null; readonly text: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, text }))
  })
  return {
    child,
    ended,
    until(what: string): Promise<void> {
      wanted = what
      if (text.includes(what)) seen.resolve()
      return seen.promise
    },
  }
}

describe.skipIf(skip)('the andon process', () => {
  test('checks the seed rule and exits with 0', async () => {
    const at = folderWith({ 'seed.sql': seedRule })
    const { code, text } = await start(['rules', 'check', at('seed.sql')]).ended

    expect({ code, text }).toEqual({
      code: 0,
      text: `${at('seed.sql')} is valid: 1 rule\n  critical_issue_escalation\n`,
    })
  })

  test('exits with 1 for a broken rule, saying where and what was meant', async () => {
    const at = folderWith({ 'broken.sql': seedRule.replace('ESCALATE', 'ESCALTE') })
    const { code, text } = await start(['rules', 'check', at('broken.sql')]).ended

    expect(code).toBe(1)
    expect(text).toContain('did you mean ESCALATE?')
    expect(text).toContain('line 6, column 1')
  })

  test('exits with 2 for an unknown command', async () => {
    expect((await start(['chck']).ended).code).toBe(2)
  })

  test('takes its language from the environment', async () => {
    const { text } = await start(['--help'], { LC_ALL: 'zh_CN.UTF-8' }).ended

    expect(text).toContain('用法：')
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('drains and exits with 0 at %s', async (signal) => {
    const at = folderWith({})
    const { child, ended, until } = start(['run', config], { ANDON_TEST_DATA: at('data') })
    await until('succeeded')
    child.kill(signal)
    const { code, text } = await ended

    expect(code).toBe(0)
    expect(text).toContain('Draining …\nClosed.\n')
  })

  test('takes two signals in the same moment, as npm and the terminal send them, for one', async () => {
    const at = folderWith({})
    const { child, ended, until } = start(['run', config], { ANDON_TEST_DATA: at('data') })
    await until('succeeded')
    child.kill('SIGINT')
    child.kill('SIGTERM')

    expect((await ended).code).toBe(0)
  })
})
