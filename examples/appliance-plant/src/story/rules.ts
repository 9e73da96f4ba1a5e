import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AndonOptions } from '@andon/core'
import { parseRules } from '@andon/core'

/** The folder of the example, seen from `src/story` as well as from the built `dist`. */
const folder = import.meta.url.includes('/src/story/') ? '../../' : '../'

/** The rules of `rules.sql`. */
export function storyRules(): NonNullable<AndonOptions['rules']> {
  return parseRules(readFileSync(fileURLToPath(new URL(`${folder}rules.sql`, import.meta.url)), 'utf8'))
}
