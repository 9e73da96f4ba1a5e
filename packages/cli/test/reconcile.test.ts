import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sqliteStore } from '@andon/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { andon, folderWith } from './helpers.js'

const config = fileURLToPath(new URL('./fixtures/floor.config.ts', import.meta.url))

/** A data folder in which these lots are believed to be held. */
async function believedHeld(...lots: readonly string[]): Promise<void> {
  const data = folderWith({})('data')
  vi.stubEnv('ANDON_TEST_DATA', data)
  vi.resetModules()
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const store = sqliteStore({ path: join(data, 'andon.db') })
  await store.open()
  const beliefs = lots.map((id) => ({
    target: 'mes',
    tenant: 'default',
    subject: { kind: 'batch' as const, id },
    fields: { held: true },
    actionId: `a-${id}`,
    changedAt: Date.UTC(2026, 0, 5),
  }))
  await store.transaction((transaction) => transaction.putBeliefs(beliefs))
  await store.close()
}

describe('andon reconcile', () => {
  it('says that all is as believed, and succeeds', async () => {
    await believedHeld('C-1', 'C-3')
    const { code, out, err } = await andon(['reconcile', config])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('Consistency 100 %: 2 compared, 2 the same, 0 different')
  })

  it('shows what differs and what to do, and fails', async () => {
    await believedHeld('C-1', 'C-2', 'C-3')
    const { code, out } = await andon(['reconcile', config])
    expect(code).toBe(1)
    expect(out).toContain('Consistency 66.6 %: 3 compared, 2 the same, 1 different')
    expect(out).toMatch(/\nmes +batch:C-2 +held +true +false +a-C-2\n/)
    expect(out).toContain('What to do')
  })

  it('tells of things that are not known there, in Chinese and in JSON', async () => {
    await believedHeld('C-1', 'C-9')
    const { out } = await andon(['reconcile', config, '--target', 'mes', '--lang', 'zh'])
    expect(out).toContain('一致性 50.0 %')
    expect(out).toContain('（该系统中不存在）')
    const { code, out: json } = await andon(['reconcile', config, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(json)).toMatchObject({
      compared: 2,
      matching: 1,
      differences: [{ subject: { id: 'C-9' } }],
    })
  })

  it('says so when a target is not in the config', async () => {
    await believedHeld('C-1')
    const { code, err } = await andon(['reconcile', config, '--target', 'sap'])
    expect(code).toBe(3)
    expect(err).toContain('sap')
  })
})
