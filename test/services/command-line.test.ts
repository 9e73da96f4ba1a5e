import { describe, expect, it } from 'vitest'
import { inRoot } from '../../scripts/lib/root.mjs'
import { run } from '../../scripts/lib/run.mjs'
import { folderOfTest } from './listener.js'

const command = (...args: string[]) => run('node', [inRoot('scripts', 'services.mjs'), ...args])

describe('npm run services', () => {
  it('explains itself', async () => {
    const { code, output } = await command('--help')
    expect(code).toBe(0)
    expect(output).toMatch(/^Usage: npm run services -- up\|down\|status \[kafka\|rabbitmq\|postgres …\]/)
    expect(await command()).toEqual({ code: 2, output })
  })

  it.each([
    [['restart'], 'There is no command "restart". Commands: up, down, status.'],
    [['up', 'redis'], 'There is no server "redis". Servers: kafka, rabbitmq, postgres.'],
    [['up', '--port-base', '80'], '--port-base must be a whole number from 1024 to 65520.'],
    [['up', '--port-base', 'many'], '--port-base must be a whole number from 1024 to 65520.'],
    [['up', '--clean'], "Unknown option '--clean'"],
  ])('refuses %j and says why', async (args, why) => {
    const { code, output } = await command(...args)
    expect(code).toBe(2)
    expect(output).toContain(why)
  })

  it('prints nothing but JSON with --json', async () => {
    const folder = folderOfTest()
    const environment = { ANDON_KAFKA: '', ANDON_RABBITMQ: '', ANDON_POSTGRES: '' }
    const args = [
      inRoot('scripts', 'services.mjs'),
      'status',
      'kafka',
      'postgres',
      '--folder',
      folder,
      '--json',
    ]
    const { code, output } = await run('node', args, { env: environment })
    expect(JSON.parse(output)).toEqual({ kafka: { state: 'down' }, postgres: { state: 'down' } })
    expect(code).toBe(1)
  })
})
