// Checks every package the way a stranger gets it: packed, linted, installed from its tarball into an empty
// project, imported through every public door, typechecked, and each of its commands started.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commands, importAll, publicDoors, useAll } from './lib/doors.mjs'
import { inParallel } from './lib/in-parallel.mjs'
import { installSizes } from './lib/install-size.mjs'
import { pinnedNode, root } from './lib/root.mjs'
import { mustRun, run } from './lib/run.mjs'
import { publishedPackages, readManifest } from './lib/workspaces.mjs'

/** @typedef {{ readonly manifest: import('./lib/workspaces.mjs').Manifest, readonly tarball: string }} Packed */

/** A careful user's settings; the declaration files of our packages are checked, too. */
const strictest = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2024', 'ESNext.Disposable'],
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    skipLibCheck: false,
    noEmit: true,
  },
  files: ['use-all.ts'],
}

const work = mkdtempSync(join(tmpdir(), 'andon-packages-'))
try {
  const packed = await inParallel(publishedPackages(), 2, pack)
  const sizes = await installSizes(
    packed.map(({ manifest: { name }, tarball }) => ({ name, tarball })),
    join(work, 'sizes'),
  )
  const problems = [
    ...(await inParallel(packed, 2, lintPackage)).flat(),
    ...(await useTogether(packed)),
    ...sizes.problems,
  ]
  for (const line of sizes.lines) console.log(line)
  for (const problem of problems) {
    console.log(problem.trimEnd())
  }
  console.log(`${packed.length} package(s) checked, ${problems.length} problem(s).`)
  process.exitCode = problems.length === 0 ? 0 : 1
} finally {
  rmSync(work, { recursive: true, force: true })
}

/**
 * @param {import('./lib/workspaces.mjs').Workspace} workspace
 * @returns {Promise<Packed>}
 */
async function pack({ folder, manifest }) {
  const target = join(work, 'tarballs', manifest.name.replace('/', '-'))
  mkdirSync(target, { recursive: true })
  const args = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', target]
  await mustRun('npm', args, { cwd: join(root, folder) })
  return {
    manifest,
    tarball: join(target, `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`),
  }
}

/**
 * publint: is the manifest right? attw: do the types resolve for every importer?
 *
 * @param {Packed} packed
 */
async function lintPackage({ manifest, tarball }) {
  const publint = await run('publint', ['run', tarball, '--strict'])
  const attw = await run('attw', ['--profile', 'esm-only', '--no-color', '--no-emoji', tarball])
  return [publint, attw]
    .filter(({ code }) => code !== 0)
    .map(({ output }) => `${manifest.name} is not fit to be published:\n${output}`)
}

/**
 * One empty project that installs them all, so that they also have to fit each other.
 *
 * @param {readonly Packed[]} packed
 * @returns {Promise<string[]>} what went wrong
 */
async function useTogether(packed) {
  const project = join(work, 'project')
  const doors = packed.flatMap(({ manifest }) => publicDoors(manifest))
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify(projectManifest(packed), undefined, 2))
  writeFileSync(join(project, 'import-all.mjs'), importAll(doors))
  writeFileSync(join(project, 'use-all.ts'), useAll(doors))
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(strictest))
  const install = await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: project,
  })
  if (install.code !== 0) {
    return [`The tarballs do not install together:\n${install.output}`]
  }
  const imported = await run(pinnedNode, ['import-all.mjs'], { cwd: project })
  const typed = await run('tsc', ['-p', project])
  const started = await inParallel(
    packed.flatMap(({ manifest }) => commands(manifest)),
    1,
    async (command) => ({
      command,
      ...(await run(join(project, 'node_modules', '.bin', command), ['--help'])),
    }),
  )
  return [
    ...(imported.code === 0 ? [] : [`Not every public door opens:\n${imported.output}`]),
    ...(typed.code === 0 ? [] : [`The public types do not check:\n${typed.output}`]),
    ...started
      .filter(({ code, output }) => code !== 0 || output.trim() === '')
      .map(({ command, code, output }) => `\`${command} --help\` ended with exit code ${code}:\n${output}`),
  ]
}

/**
 * Optional peers are what a user of every door has to install, so the project has them, too.
 *
 * @param {readonly Packed[]} packed
 */
function projectManifest(packed) {
  const own = new Set(packed.map(({ manifest }) => manifest.name))
  const peers = packed
    .flatMap(({ manifest }) => Object.entries(manifest.peerDependencies ?? {}))
    .filter(([name]) => !own.has(name))
  return {
    name: 'empty-project',
    private: true,
    type: 'module',
    dependencies: {
      ...Object.fromEntries(peers),
      ...Object.fromEntries(packed.map(({ manifest, tarball }) => [manifest.name, `file:${tarball}`])),
    },
    devDependencies: { '@types/node': readManifest(root).devDependencies?.['@types/node'] },
    // A tarball that asks for another package of ours gets the tarball, never what a registry has.
    overrides: Object.fromEntries(packed.map(({ manifest }) => [manifest.name, `$${manifest.name}`])),
  }
}
