// Who may import whom. Biome reads the imports (biome.json, overrides); the manifests have to say the same.
import { pathToFileURL } from 'node:url'
import { root } from './lib/root.mjs'
import { run } from './lib/run.mjs'
import { workspaces } from './lib/workspaces.mjs'

/** Packages that may depend on any other, or on none; the rest may depend on core. */
const anything = new Set(['@andon/cli'])
const nothing = new Set(['@andon/core', '@andon/console'])

/**
 * Dependencies between packages that the architecture forbids, as sentences. Only published packages are bound:
 * examples and benchmarks may use everything. A devDependency is for tests, so any is allowed.
 *
 * @param {readonly import('./lib/workspaces.mjs').Workspace[]} all
 * @returns {string[]}
 */
export function forbiddenDependencies(all) {
  const names = new Set(all.map(({ manifest }) => manifest.name))
  const published = new Set(all.filter((w) => w.manifest.private !== true).map((w) => w.manifest.name))
  return all
    .filter(({ manifest }) => manifest.private !== true)
    .flatMap(({ manifest }) => {
      const { name, dependencies, peerDependencies, optionalDependencies } = manifest
      return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })
        .filter((dependency) => names.has(dependency))
        .filter((dependency) => !published.has(dependency) || !mayUse(name, dependency))
        .map((dependency) => `${name} must not depend on ${dependency}`)
    })
}

/**
 * @param {string} name
 * @param {string} dependency
 */
const mayUse = (name, dependency) =>
  anything.has(name) || (!nothing.has(name) && dependency === '@andon/core')

/** @param {string} folder the repository, or a copy of it */
export async function checkBoundaries(folder) {
  const rules = ['--only=style/noRestrictedImports', '--only=suspicious/noImportCycles']
  const lint = await run('biome', ['lint', ...rules, '--max-diagnostics=100', '.'], { cwd: folder })
  const sentences = forbiddenDependencies(workspaces(folder))
  return {
    ok: lint.code === 0 && sentences.length === 0,
    output: [...(lint.code === 0 ? [] : [lint.output]), ...sentences].join('\n'),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { ok, output } = await checkBoundaries(root)
  console.log(output)
  process.exitCode = ok ? 0 : 1
}
