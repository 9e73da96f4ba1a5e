import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkBoundaries, forbiddenDependencies } from '../scripts/check-boundaries.mjs'
import { inRoot } from '../scripts/lib/root.mjs'

/** A small repository of its own with our rules, so that a planted violation harms nobody. */
let copy: string

const plant = (path: string, content: string): void => {
  mkdirSync(dirname(join(copy, path)), { recursive: true })
  writeFileSync(join(copy, path), content)
}

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'andon-boundaries-'))
  cpSync(inRoot('biome.json'), join(copy, 'biome.json'))
  // Biome reads .gitignore by our settings; a folder that git does not know has to bring its own.
  cpSync(inRoot('.gitignore'), join(copy, '.gitignore'))
  plant('package.json', JSON.stringify({ workspaces: ['packages/*'] }))
  plant('packages/core/src/index.ts', "export { rule } from './rule/index.js'\n")
  plant('packages/core/src/rule/index.ts', "import * as z from 'zod'\n\nexport const rule = z.string()\n")
  plant('packages/connector-sap/src/index.ts', "export { rule } from '@andon/core/rule'\n")
  plant('packages/testkit/src/index.ts', "export { rule } from '@andon/core'\n")
  plant('packages/cli/src/index.ts', "export const sap = () => import('@andon/connector-sap')\n")
})

afterEach(() => rmSync(copy, { recursive: true, force: true }))

describe('import boundaries', () => {
  it('are kept by code that uses public doors', async () => {
    expect(await checkBoundaries(copy)).toEqual({ ok: true, output: '' })
  })

  it.each([
    ['core uses a package of the workspace', 'packages/core/src/a.ts', '@andon/channels'],
    ['a connector uses another connector', 'packages/connector-sap/src/a.ts', '@andon/connector-mes'],
    ['a channel uses the testkit', 'packages/channels/src/a.ts', '@andon/testkit'],
    ['the testkit uses a connector', 'packages/testkit/src/a.ts', '@andon/connector-sap'],
    ['the server uses the store', 'packages/server/src/a.ts', '@andon/store-postgres'],
    ['the console uses core', 'packages/console/src/a.ts', '@andon/core'],
    ['a package opens a door of core that is not public', 'packages/ml/src/a.ts', '@andon/core/store'],
    [
      'a package reaches into the build of another',
      'packages/cli/src/a.ts',
      '@andon/core/dist/rule/index.js',
    ],
    ['a package reaches into the source of another', 'packages/cli/src/a.ts', '../../core/src/index.js'],
    ['published source uses a test', 'packages/core/src/a.ts', '../test/helper.js'],
    [
      'published source uses an example',
      'packages/cli/src/a.ts',
      '../../../examples/appliance-plant/plant.js',
    ],
  ])('are seen to be broken when %s', async (_, path, specifier) => {
    plant(path, `import { thing } from '${specifier}'\n\nexport const own = thing\n`)
    const { ok, output } = await checkBoundaries(copy)
    expect(ok).toBe(false)
    expect(output).toContain(path)
    expect(output).toContain('noRestrictedImports')
  })

  it('are seen to be broken by a dynamic import and by a re-export', async () => {
    plant('packages/core/src/a.ts', "export const own = () => import('@andon/channels')\n")
    plant('packages/ml/src/b.ts', "export * from '@andon/media'\n")
    const { output } = await checkBoundaries(copy)
    expect(output).toContain('packages/core/src/a.ts')
    expect(output).toContain('packages/ml/src/b.ts')
  })

  it('are seen to be broken by files that import each other', async () => {
    plant('packages/core/src/a.ts', "import { b } from './b.js'\n\nexport const a = () => b\n")
    plant('packages/core/src/b.ts', "import { a } from './a.js'\n\nexport const b = () => a\n")
    const { ok, output } = await checkBoundaries(copy)
    expect(ok).toBe(false)
    expect(output).toContain('noImportCycles')
  })
})

describe('dependencies between packages', () => {
  const workspace = (name: string, dependencies: Record<string, string>, more = {}) => ({
    folder: `packages/${name}`,
    manifest: { name: `@andon/${name}`, version: '1.0.0', dependencies, ...more },
  })
  const core = workspace('core', {})
  const sap = workspace('connector-sap', { '@andon/core': '^1.0.0', zod: '^4.0.0' })

  it('may lead to core, and from the command line anywhere', () => {
    const cli = workspace('cli', { '@andon/core': '^1.0.0', '@andon/connector-sap': '^1.0.0' })
    expect(forbiddenDependencies([core, sap, cli])).toEqual([])
  })

  it('may not lead from connector to connector, nor as a peer', () => {
    const mes = workspace('connector-mes', {}, { peerDependencies: { '@andon/connector-sap': '*' } })
    expect(forbiddenDependencies([core, sap, mes])).toEqual([
      '@andon/connector-mes must not depend on @andon/connector-sap',
    ])
  })

  it('may not lead from a published package to a private one', () => {
    const bench = workspace('bench', { '@andon/connector-sap': '*' }, { private: true })
    const cli = workspace('cli', { '@andon/bench': '*' })
    expect(forbiddenDependencies([bench, sap, cli])).toEqual(['@andon/cli must not depend on @andon/bench'])
  })
})
