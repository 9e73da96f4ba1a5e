/**
 * The doors through which other people's code may enter a package: the module entries of its exports map.
 *
 * @param {import('./workspaces.mjs').Manifest} manifest
 * @returns {string[]} specifiers such as `@andon/core/rule`
 */
export function publicDoors({ name, exports = {} }) {
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([path]) => name + path.slice(1))
}

/** The commands a package brings. @param {import('./workspaces.mjs').Manifest} manifest */
export function commands({ name, bin = {} }) {
  return typeof bin === 'string' ? [name.replace(/^@[^/]+\//, '')] : Object.keys(bin)
}

/**
 * A module that fails unless every door opens and has something behind it.
 *
 * @param {readonly string[]} doors
 */
export const importAll = (doors) => `const empty = []
for (const door of ${JSON.stringify(doors)}) {
  const module = await import(door)
  if (Object.keys(module).length === 0) empty.push(door)
}
if (empty.length > 0) throw new Error('No exports behind ' + empty.join(', '))
`

/**
 * A module for the type checker: it names every door and uses each, so a door without types is an error.
 *
 * @param {readonly string[]} doors
 */
export const useAll = (doors) =>
  `${doors.map((door, index) => `import * as door${index} from '${door}'`).join('\n')}

export const doors: readonly object[] = [${doors.map((_, index) => `door${index}`).join(', ')}]
`
