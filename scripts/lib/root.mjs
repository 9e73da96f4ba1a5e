import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

/** A path inside the repository. @param {...string} parts */
export const inRoot = (...parts) => join(root, ...parts)

/** The Node that the lock file pins; it is there once `npm install` has run. */
export const pinnedNode = inRoot(
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)

/**
 * The environment of every child process: the pinned Node and the repository's tools come first in PATH,
 * so a shebang of `node` finds Node 24 whatever the machine has. No tool reports home or looks for updates.
 *
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(extra = {}) {
  const first = existsSync(pinnedNode) ? [dirname(pinnedNode)] : []
  return {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
    NO_UPDATE_NOTIFIER: '1',
    ...extra,
    PATH: [...first, inRoot('node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
  }
}
