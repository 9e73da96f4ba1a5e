import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

/**
 * @typedef {object} Manifest the fields of a package.json that the scripts look at
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {string} [main]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, unknown>} [exports]
 * @property {string | Record<string, string>} [bin]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {readonly string[]} [workspaces]
 *
 * @typedef {object} Workspace
 * @property {string} folder relative to the repository, with `/`
 * @property {Manifest} manifest
 */

/**
 * @param {string} folder absolute
 * @returns {Manifest}
 */
export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

/**
 * Every workspace of the repository, found by the patterns of the root package.json (`folder` or `folder/*`),
 * so that a new package is built, checked and packed without naming it anywhere.
 *
 * @param {string} [base] another repository's folder
 * @returns {Workspace[]} by folder name
 */
export function workspaces(base = root) {
  return (readManifest(base).workspaces ?? [])
    .flatMap((pattern) => (pattern.endsWith('/*') ? subfolders(base, pattern.slice(0, -2)) : [pattern]))
    .filter((folder) => existsSync(join(base, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readManifest(join(base, folder)) }))
}

/** The workspaces that npm publishes. @param {string} [base] */
export const publishedPackages = (base = root) =>
  workspaces(base).filter(({ manifest }) => manifest.private !== true)

/**
 * @param {string} base
 * @param {string} folder
 */
function subfolders(base, folder) {
  const path = join(base, folder)
  if (!existsSync(path)) {
    return []
  }
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}`)
    .sort()
}
