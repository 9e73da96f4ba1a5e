/** @import { Change } from '../support/broken-core.mjs' */
/** @import { RuleModule } from './compare.mjs' */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { copyOfCore } from '../support/broken-core.mjs'

/**
 * What others get wrong, put into a copy of the built core: the oracle must notice each.
 *
 * @type {readonly (Change & { readonly name: string })[]}
 */
export const seededBugs = [
  {
    name: 'texts sort by UTF-16 unit',
    from: 'if (aSurrogate !== bSurrogate) return aSurrogate ? 1 : -1;',
    to: '',
  },
  {
    name: 'LIKE has no escape unless one is named, as in SQLite',
    from: 'readEscape(cursor) : "\\\\"',
    to: 'readEscape(cursor) : ""',
  },
  {
    name: 'a NULL in NOT IN is passed over',
    from: 'const absent = constants.includes(null) ? null : negated;',
    to: 'const absent = negated;',
  },
  {
    name: 'whole numbers divide downwards, not towards zero',
    from: 'b === 0 ? null : Math.trunc(a / b)',
    to: 'b === 0 ? null : Math.floor(a / b)',
  },
  {
    name: 'a month from 31 January runs over into March',
    from: 'const lastDay =',
    to: 'const lastDay = 31 ||',
  },
  {
    name: 'NOT unknown is true',
    from: /value\d* === null \? null : (?=value\d* !== true)/,
    to: '',
  },
]

/**
 * Runs something with the rule language of a core that has the bug.
 *
 * @template T
 * @param {Change} bug
 * @param {(rule: RuleModule) => T} use
 * @returns {Promise<T>}
 */
export async function withBug(bug, use) {
  const folder = mkdtempSync(join(tmpdir(), 'andon-oracle-'))
  try {
    const dist = copyOfCore(folder, bug)
    return use(await import(pathToFileURL(join(dist, 'rule', 'index.js')).href))
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
