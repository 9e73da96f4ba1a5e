import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * @typedef {object} Change
 * @property {string | RegExp} from text of the built code; must be there exactly once. The bundler may number a name.
 * @property {string} to
 */

/**
 * The built files. A build that comes from the cache leaves the chunks of the one before beside its own.
 *
 * @param {string} dist
 */
function filesInUse(dist) {
  const all = readdirSync(dist)
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ name, path: join(dist, name), text: readFileSync(join(dist, name), 'utf8') }))
  const used = new Set(all.filter(({ name }) => !name.startsWith('chunk-')))
  // A set goes on with what is added while it is gone through.
  for (const { text } of used) for (const file of all) if (text.includes(file.name)) used.add(file)
  return [...used]
}

/**
 * A copy of the built core with one text replaced, in a folder that finds its dependencies.
 *
 * @param {string} folder
 * @param {Change | undefined} mutant none: an unharmed copy
 * @returns {string} the copy's dist
 */
export function copyOfCore(folder, mutant) {
  const dist = join(folder, 'dist')
  cpSync(process.env.ANDON_BROKEN_CORE ?? join(root, 'packages', 'core', 'dist'), dist, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  if (mutant === undefined) return dist
  const files = filesInUse(dist)
  const { from, to } = mutant
  const places = files.reduce((count, { text }) => count + text.split(from).length - 1, 0)
  if (places !== 1) throw new Error(`the text to change stands ${places} times in the built core: ${from}`)
  for (const { path, text } of files) {
    // A function, so that a `$` is nothing special.
    writeFileSync(
      path,
      text.replace(from, () => to),
    )
  }
  return dist
}
