import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} CodeBlock a fenced block of a Markdown page
 * @property {string} page relative to the repository, with `/`
 * @property {number} line of the block's first line of code, counted from 1
 * @property {string} language `ts` or `sql`
 * @property {string} mark what stands behind the language: ``, `run`, `next` or `wrong`
 * @property {string} code
 *
 * @typedef {object} Program
 * @property {string} file name of the file to write, e.g. `docs-architecture-12.ts`
 * @property {string} page
 * @property {number} line
 * @property {boolean} run
 * @property {string} code
 */

/**
 * Fenced blocks of one page, by CommonMark's rule: a fence is closed by one of its kind, at least as long.
 *
 * @param {string} page
 * @param {string} text
 * @returns {CodeBlock[]}
 */
export function codeBlocks(page, text) {
  /** @type {CodeBlock[]} */
  const blocks = []
  /** @type {{ fence: string, indent: number, block: CodeBlock, lines: string[] } | undefined} */
  let open
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, indent = '', fence, info = ''] = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line) ?? []
    if (open === undefined) {
      if (fence !== undefined) {
        const [language = '', ...mark] = info.trim().split(/\s+/)
        const block = { page, line: index + 2, language, mark: mark.join(' '), code: '' }
        open = { fence, indent: indent.length, block, lines: [] }
      }
    } else if (fence?.startsWith(open.fence) && info.trim() === '') {
      blocks.push({ ...open.block, code: `${open.lines.join('\n')}\n` })
      open = undefined
    } else {
      open.lines.push(line.slice(Math.min(open.indent, line.length - line.trimStart().length)))
    }
  }
  if (open !== undefined) {
    throw new Error(`${page}: the code block that begins in line ${open.block.line - 1} never ends.`)
  }
  return blocks
}

/**
 * What the code of the pages has to prove. `ts` has to compile, `ts run` also to run to its end, `ts next`
 * goes on where the block before it on the page stopped. `sql` with a rule has to be a valid rule, `sql wrong` one
 * that the checker has something to say of.
 *
 * @param {readonly CodeBlock[]} blocks in the order of their pages
 * @returns {Program[]}
 */
export function programsOf(blocks) {
  /** @type {Program[]} */
  const programs = []
  for (const block of blocks) {
    const { page, line, language, mark, code } = block
    if (language === 'ts' && mark === 'next') {
      const before = programs.findLast((program) => program.page === page)
      if (before === undefined) {
        throw new Error(`${page}:${line}: \`ts next\` has no block before it.`)
      }
      before.code += `\n${code}`
    } else if (language === 'ts') {
      if (mark !== '' && mark !== 'run') {
        throw new Error(
          `${page}:${line}: \`ts ${mark}\` is not known; write \`ts\`, \`ts run\` or \`ts next\`.`,
        )
      }
      programs.push({ file: fileName(page, line), page, line, run: mark === 'run', code })
    } else if (language === 'sql' && /\bCREATE\s+RULE\b/i.test(code)) {
      if (mark !== '' && mark !== 'wrong') {
        throw new Error(`${page}:${line}: \`sql ${mark}\` is not known; write \`sql\` or \`sql wrong\`.`)
      }
      const program = mark === 'wrong' ? wrongRuleProgram(code) : ruleProgram(code)
      programs.push({ file: fileName(page, line), page, line, run: true, code: program })
    }
  }
  // A block without an import is a script to TypeScript, and its names would meet those of other blocks.
  return programs.map((program) => ({ ...program, code: `${program.code}\nexport {}\n` }))
}

/** @param {string} rules */
const ruleProgram = (rules) =>
  `import { parseRules } from '@andon/core'\n\nparseRules(${JSON.stringify(rules)})\n`

/** @param {string} rules */
const wrongRuleProgram = (rules) =>
  `import { checkRules } from '@andon/core/rule'

if (checkRules(${JSON.stringify(rules)}).diagnostics.length === 0) throw new Error('There is nothing wrong with it.')
`

/**
 * @param {string} page
 * @param {number} line
 */
const fileName = (page, line) =>
  `${page
    .replace(/\.md$/, '')
    .replace(/[^\w]+/g, '-')
    .toLowerCase()}-${line}.ts`

/**
 * The pages whose code is checked: every README.md and its translations, and everything in docs.
 *
 * @param {string} base the repository's folder
 * @param {readonly string[]} workspaceFolders relative
 * @returns {string[]} relative, with `/`
 */
export function pagesIn(base, workspaceFolders) {
  /** @param {string} folder @param {(name: string) => boolean} wanted */
  const list = (folder, wanted) =>
    existsSync(join(base, folder))
      ? readdirSync(join(base, folder), { withFileTypes: true })
          .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && wanted(entry.name))
          .map((entry) => (folder === '.' ? entry.name : `${folder}/${entry.name}`))
          .sort()
      : []
  const anyPage = () => true
  const readme = (/** @type {string} */ name) => name.startsWith('README')
  const docFolders = existsSync(join(base, 'docs')) ? ['docs', ...subfolders(base, 'docs')] : []
  return [
    ...list('.', (name) => readme(name) || name === 'CONTRIBUTING.md'),
    ...docFolders.flatMap((folder) => list(folder, anyPage)),
    ...workspaceFolders.flatMap((folder) => list(folder, readme)),
  ]
}

/**
 * @param {string} base
 * @param {string} folder
 * @returns {string[]}
 */
function subfolders(base, folder) {
  return readdirSync(join(base, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => [`${folder}/${entry.name}`, ...subfolders(base, `${folder}/${entry.name}`)])
}

/**
 * @param {string} base
 * @param {readonly string[]} pages
 */
export const programsIn = (base, pages) =>
  pages.flatMap((page) => programsOf(codeBlocks(page, readFileSync(join(base, page), 'utf8'))))
