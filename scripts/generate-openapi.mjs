// TypeScript types of every packages/*/openapi/*.json, written to src/generated of the same package and committed.
// With --check nothing is written, and what is not current is named: `npm test` runs that.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './lib/root.mjs'
import { workspaces } from './lib/workspaces.mjs'
import { typesOf } from './openapi/types-of.mjs'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })

/** @param {string} folder @param {string} extension */
const filesOf = (folder, extension) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(extension))
        .sort()
    : []

/** @type {string[]} */
const stale = []
for (const { folder } of workspaces()) {
  const sources = join(root, folder, 'openapi')
  const targets = join(root, folder, 'src', 'generated')
  const names = filesOf(sources, '.json').map((name) => basename(name, '.json'))
  for (const name of names) {
    await bring(
      join(targets, `${name}.ts`),
      `// Made by scripts/generate-openapi.mjs from openapi/${name}.json; change that file, not this one.\n${await typesOf(join(sources, `${name}.json`))}`,
    )
  }
  for (const file of filesOf(targets, '.ts').filter((file) => !names.includes(basename(file, '.ts')))) {
    stale.push(join(folder, 'src', 'generated', file))
    if (!values.check) rmSync(join(targets, file))
  }
}

/** @param {string} file @param {string} text */
async function bring(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  stale.push(file.slice(root.length + 1))
  if (values.check) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

for (const file of stale) console.log(values.check ? `${file} is not current` : `${file} is written`)
if (values.check && stale.length > 0) {
  console.log('Run `node scripts/generate-openapi.mjs` and commit what it writes.')
  process.exitCode = 1
}
