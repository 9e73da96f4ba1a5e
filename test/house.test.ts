import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { inRoot, root } from '../scripts/lib/root.mjs'
import { publishedPackages, workspaces } from '../scripts/lib/workspaces.mjs'

const text = (...path: string[]): string => readFileSync(inRoot(...path), 'utf8')

const versions = z.record(z.string(), z.string()).default({})
const dependencySchema = z.looseObject({
  dependencies: versions,
  devDependencies: versions,
  peerDependencies: versions,
})
const manifestSchema = z.looseObject({
  name: z.string(),
  description: z.string().min(20).optional(),
  license: z.string().optional(),
  type: z.string().optional(),
  engines: z.record(z.string(), z.string()).optional(),
  files: z.array(z.string()).optional(),
  publishConfig: z.record(z.string(), z.string()).optional(),
  scripts: versions,
})
const manifestOf = (folder: string): z.infer<typeof manifestSchema> =>
  manifestSchema.parse(JSON.parse(text(folder, 'package.json')))

/** Every file that is in the repository, or would be with the next commit. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
  cwd: root,
})
  .toString()
  .split('\0')
  .filter((file) => file !== '' && existsSync(inRoot(file)) && statSync(inRoot(file)).isFile())

describe('the tools', () => {
  it('run under the pinned Node 24, whatever the machine has', () => {
    expect(process.version).toBe(
      `v${manifestSchema.extend({ devDependencies: versions }).parse(JSON.parse(text('package.json'))).devDependencies.node}`,
    )
    expect(process.version).toMatch(/^v24\./)
  })
})

describe('the lock file', () => {
  const lock = z
    .object({ packages: z.record(z.string(), dependencySchema.extend({ resolved: z.string().optional() })) })
    .parse(JSON.parse(text('package-lock.json')))

  it('names no registry', () => {
    const elsewhere = Object.values(lock.packages).filter(({ resolved }) => resolved?.includes('://'))
    expect(elsewhere).toEqual([])
  })

  it.each(['', ...workspaces().map(({ folder }) => folder)])('agrees with the manifest of "%s"', (folder) => {
    const wanted = dependencySchema.parse(JSON.parse(text(folder, 'package.json')))
    const locked = lock.packages[folder]
    expect(locked?.dependencies).toEqual(wanted.dependencies)
    expect(locked?.devDependencies).toEqual(wanted.devDependencies)
    expect(locked?.peerDependencies).toEqual(wanted.peerDependencies)
  })
})

describe('the files', () => {
  // Put together here, so that this file is not its own finding.
  const forbidden = [['', 'work', ''].join('/'), ['', 'root', ''].join('/'), ['registry', 'npmjs'].join('.')]

  it('contain no path of somebody’s machine and no registry’s host', () => {
    const found = files.flatMap((file) => {
      const content = readFileSync(inRoot(file), 'latin1')
      return forbidden.filter((part) => mentions(content, part)).map((part) => `${file}: ${part}`)
    })
    expect(found).toEqual([])
  })

  it('are all there to be looked at', () => {
    expect(files).toContain('package.json')
    expect(files).toContain('test/house.test.ts')
  })

  it('lead with the full licence, the same everywhere', () => {
    const licence = text('LICENSE')
    expect(licence).toContain('Version 2.0, January 2004')
    expect(licence).toContain('END OF TERMS AND CONDITIONS')
    for (const { folder } of publishedPackages()) {
      expect(text(folder, 'LICENSE'), folder).toBe(licence)
    }
  })
})

describe.each(publishedPackages().map(({ folder }) => folder))('%s', (folder) => {
  const manifest = manifestOf(folder)

  it('has a README that begins with its name', () => {
    expect(text(folder, 'README.md').split('\n')[0]).toBe(`# ${manifest.name}`)
  })

  it('is described and licensed as all are', () => {
    expect(manifest).toMatchObject({
      name: `@andon/${folder.split('/')[1]}`,
      license: 'Apache-2.0',
      type: 'module',
      publishConfig: { access: 'public' },
    })
    expect(manifest.description).toBeDefined()
  })

  it('says which Node it needs: 22.18, or later where something that it depends on does', () => {
    const [, minor = ''] = /^>=22\.(\d+)$/.exec(manifest.engines?.node ?? '') ?? []
    expect(Number(minor)).toBeGreaterThanOrEqual(18)
  })

  it('ships its build, its README and its licence', () => {
    expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'README.md', 'LICENSE']))
  })

  it('can be built and typechecked by turbo', () => {
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(['build', 'typecheck']))
  })
})

/** An absolute path, not the middle of a longer one or of an address. */
function mentions(content: string, part: string): boolean {
  const at = content.indexOf(part)
  return at >= 0 && (!part.startsWith('/') || new RegExp(`(?<![\\w.@%-])${part}`).test(content))
}
