import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Io, main } from '@andon/cli'
import { onTestFinished } from 'vitest'
import type { CodeBlock } from '../../scripts/lib/doc-code.mjs'

/** An example of a page, with what it rests on. */
export type Example = { readonly block: CodeBlock } & (
  | { readonly form: 'rules' }
  | { readonly form: 'conditions'; readonly feedback: string }
  | { readonly form: 'tests'; readonly rules: string }
  | { readonly form: 'explained'; readonly rules: string; readonly feedback: string }
  | { readonly form: 'json'; readonly rules: string }
  | { readonly form: 'wrong'; readonly message: string }
)

const isRules = ({ language, mark, code }: CodeBlock): boolean =>
  language === 'sql' && mark === '' && code.includes('CREATE RULE')

/** What a page claims, in its order. Blocks of other languages, and plain text, claim nothing here. */
export function examplesOf(blocks: readonly CodeBlock[]): readonly Example[] {
  let rules = ''
  let feedback = ''
  const examples: Example[] = []
  for (const [index, block] of blocks.entries()) {
    const form = `${block.language} ${block.mark}`.trim()
    if (isRules(block)) {
      rules = block.code
      examples.push({ form: 'rules', block })
    } else if (form === 'sql') examples.push({ form: 'conditions', block, feedback })
    else if (form === 'sql wrong') {
      const after = blocks[index + 1]
      examples.push({ form: 'wrong', block, message: after?.language === 'text' ? after.code : '' })
    } else if (form === 'yaml feedback') feedback = block.code
    else if (form === 'yaml') examples.push({ form: 'tests', block, rules })
    else if (form === 'text explained') examples.push({ form: 'explained', block, rules, feedback })
    else if (form === 'json') examples.push({ form: 'json', block, rules })
  }
  return examples
}

const truths: Readonly<Record<string, boolean | null>> = { true: true, false: false, unknown: null }

/** The lines of a block of conditions: what stands before `--`, and the truth that is claimed behind it. */
export function conditionsOf({ code, page, line }: CodeBlock): readonly {
  readonly condition: string
  readonly truth: boolean | null
}[] {
  return code
    .trimEnd()
    .split('\n')
    .map((text, index) => {
      const [, condition, word = ''] = /^(.*\S)\s+-- (true|false|unknown)\b/.exec(text) ?? []
      const truth = truths[word]
      if (condition === undefined || truth === undefined)
        throw new Error(`${page}:${line + index}: a condition ends with -- true, -- false or -- unknown.`)
      return { condition, truth }
    })
}

/** Runs the command line with these files beside it; gives what it printed. */
export async function andon(
  argv: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'andon-rules-page-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const written = { out: '', err: '' }
  const output = (to: 'out' | 'err'): Io['out'] => ({
    write: (text) => {
      written[to] += text
    },
    isTerminal: false,
    width: 100,
  })
  const io: Io = { env: {}, out: output('out'), err: output('err'), onSignal: () => () => undefined }
  const code = await main(
    argv.map((word) => (word in files ? join(folder, word) : word)),
    io,
  )
  return { code, ...written }
}

/** Code without what each language says in its own words: comments, and the names of tests. */
export function codeAlone({ language, mark, code }: CodeBlock): string {
  if (language === 'text') return `text ${mark}`
  const comment = language === 'sql' ? / *-- .*$/gm : language === 'ts' ? / *\/\/ .*$/gm : / *# .*$/gm
  return `${language} ${mark}\n${code.replace(comment, '').replace(/- name: .*$/gm, '- name')}`
}
