import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { inRoot, pinnedNode } from './root.mjs'
import { mustRun } from './run.mjs'
import { workspaces } from './workspaces.mjs'

const stampFile = inRoot('node_modules', '.andon-installed')

/**
 * Makes a bare clone ready: installs what the lock file says unless exactly that has been installed before.
 * Needs Node ≥ 20 and npm, nothing else. The lock file is left as it is, so a clone stays clean.
 *
 * @param {(line: string) => void} report says what takes time
 */
export async function install(report) {
  const wanted = fingerprint()
  if (existsSync(pinnedNode) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) {
    return
  }
  report('Installing dependencies …')
  await mustRun('npm', ['install', '--no-save', '--prefer-offline', '--no-audit', '--no-fund'])
  if (!existsSync(pinnedNode)) {
    throw new Error(
      `npm install did not bring the pinned Node (${pinnedNode}). Were install scripts switched off?`,
    )
  }
  writeFileSync(stampFile, wanted)
}

/** Builds every workspace; turbo leaves out what has not changed. @param {(line: string) => void} report */
export async function build(report) {
  report('Building …')
  await mustRun('turbo', ['run', 'build', '--output-logs=errors-only'])
}

/** Everything that decides what `npm install` would do. Times would not do: git sets them on checkout. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const file of [
    'package-lock.json',
    'package.json',
    ...workspaces().map((w) => `${w.folder}/package.json`),
  ]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(inRoot(file)))
      .update('\0')
  }
  return hash.digest('hex')
}
