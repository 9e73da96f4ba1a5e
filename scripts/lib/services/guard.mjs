import { spawn } from 'node:child_process'
import { inRoot } from '../root.mjs'

/**
 * Has servers stopped, and their data deleted, when this process ends before it did so itself, even by SIGKILL: the
 * watching process sees its input end.
 *
 * @param {string} folder of the set
 * @param {readonly import('./names.mjs').ServiceName[]} names
 * @returns {() => void} to be called when they have been stopped
 */
export function stopWhenThisProcessEnds(folder, names) {
  const down = [inRoot('scripts', 'services.mjs'), 'down', ...names, '--folder', folder, '--purge']
  const watch = spawn('sh', ['-c', 'cat > /dev/null; exec "$@"', 'guard', process.execPath, ...down], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watch.unref()
  // Without a shell there is no watch; nothing else is lost.
  watch.on('error', () => undefined)
  return () => {
    watch.kill('SIGKILL')
  }
}
