// What a package adds to a project that has @andon/core: packages, and the bytes of their files.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.mjs'

/** @typedef {{ readonly packages: number, readonly bytes: number }} Size */
/** @typedef {{ readonly name: string, readonly tarball: string }} Tarball */

/** The most that a package may add beside @andon/core. */
const budgets = [{ name: '@andon/connector-salesforce', packages: 70, megabytes: 20 }]

/**
 * @param {string} folder
 * @returns {number}
 */
function bytesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => (entry.isFile() ? sum + statSync(join(entry.parentPath, entry.name)).size : sum),
    0,
  )
}

/**
 * @param {string} project an empty folder to be
 * @param {readonly Tarball[]} tarballs
 * @returns {Promise<Size | string>} what went wrong
 */
async function installed(project, tarballs) {
  mkdirSync(project, { recursive: true })
  const dependencies = Object.fromEntries(tarballs.map(({ name, tarball }) => [name, `file:${tarball}`]))
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies }))
  const install = await run(
    'npm',
    ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'],
    { cwd: project },
  )
  if (install.code !== 0) return install.output
  const modules = join(project, 'node_modules')
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'))
  return { packages: Object.keys(lock.packages).length, bytes: bytesIn(modules) }
}

/**
 * @param {readonly Tarball[]} all
 * @param {string} work a folder for the projects
 * @returns {Promise<{ readonly lines: string[], readonly problems: string[] }>}
 */
export async function installSizes(all, work) {
  const core = all.filter(({ name }) => name === '@andon/core')
  /** @type {string[]} */
  const lines = []
  /** @type {string[]} */
  const problems = []
  const alone = await installed(join(work, 'core-alone'), core)
  for (const { name, packages, megabytes } of budgets) {
    const own = all.filter((one) => one.name === name)
    const both = await installed(join(work, name.replace('/', '-')), [...core, ...own])
    if (typeof alone === 'string' || typeof both === 'string') {
      problems.push(`${name} does not install beside @andon/core:\n${alone}\n${both}`)
      continue
    }
    const [more, bytes] = [both.packages - alone.packages, both.bytes - alone.bytes]
    const [adds, inAll] = [bytes, both.bytes].map((count) => (count / 1e6).toFixed(1))
    lines.push(
      `${name} adds ${more} packages and ${adds} MB beside @andon/core (into an empty folder ${both.packages} and ${inAll} MB).`,
    )
    if (more > packages || bytes > megabytes * 1e6)
      problems.push(`${name} adds more than ${packages} packages or ${megabytes} MB.`)
  }
  return { lines, problems }
}
