import { readFileSync } from 'node:fs'
import { actionKinds } from '@andon/core'
import { feedbackFields } from '@andon/core/feedback'
import { checkRules, formatDiagnostics, parseRules, parseRulesJson, printRules } from '@andon/core/rule'
import { describe, expect, it } from 'vitest'
import { codeBlocks } from '../../scripts/lib/doc-code.mjs'
import { inRoot } from '../../scripts/lib/root.mjs'
import { andon, codeAlone, conditionsOf, type Example, examplesOf } from './page-examples.js'

// What the pages on rules claim, in both languages. The forms of their code blocks:
//
//   ```sql              rules, which have to be free of errors and warnings; or, where nothing is created, one
//                       condition a line with what it is of the feedback above: `-- true`, `-- false`, `-- unknown`
//   ```sql wrong        rules that are not, and right behind them a ```text with what the checker says
//   ```yaml             a file of `andon rules test` for the rules above, without its line `rules: …`
//   ```yaml feedback    a feedback
//   ```text explained   what `andon rules explain` says of the rules and the feedback above
//   ```json             a document with the rules above
//   ```ts run           programs: scripts/check-docs.mjs runs them
//
// Everything else (```text, ```sh) is for the eyes.

const pages = [
  { page: 'docs/rules.md', lang: 'en' },
  { page: 'docs/rules.zh-CN.md', lang: 'zh' },
] as const

const text = (page: string): string => readFileSync(inRoot(page), 'utf8')
const blocksOf = (page: string) => codeBlocks(page, text(page))

async function check(example: Example, lang: 'en' | 'zh'): Promise<void> {
  const { block } = example
  switch (example.form) {
    case 'rules':
      expect(formatDiagnostics(checkRules(block.code).diagnostics, lang)).toBe('')
      return
    case 'wrong': {
      const { diagnostics } = checkRules(block.code)
      expect(`${formatDiagnostics(diagnostics, lang, { file: 'rules.sql' })}\n`).toBe(example.message)
      return
    }
    case 'conditions':
      await checkConditions(block, example.feedback)
      return
    case 'tests': {
      const files = { 'rules.sql': example.rules, 'rules.test.yaml': `rules: rules.sql\n${block.code}` }
      const { code, out, err } = await andon(['rules', 'test', 'rules.test.yaml', '--lang', lang], files)
      expect(code, out + err).toBe(0)
      return
    }
    case 'explained': {
      const files = { 'rules.sql': example.rules, 'one.yaml': example.feedback }
      const argv = ['rules', 'explain', 'rules.sql', '--feedback', 'one.yaml', '--lang', lang]
      expect((await andon(argv, files)).out).toBe(block.code)
      return
    }
    case 'json':
      expect(printRules(parseRulesJson(JSON.parse(block.code)))).toBe(printRules(parseRules(example.rules)))
  }
}

async function checkConditions(block: Example['block'], feedback: string): Promise<void> {
  const conditions = conditionsOf(block)
  const rules = conditions.map(
    ({ condition }, index) =>
      `CREATE RULE line_${block.line + index} AS SELECT * FROM feedbacks WHERE ${condition} ESCALATE TO nobody;`,
  )
  const files = { 'rules.sql': rules.join('\n'), 'one.yaml': feedback }
  const argv = ['rules', 'explain', 'rules.sql', '--feedback', 'one.yaml', '--json']
  const { out, err } = await andon(argv, files)
  expect(err).toBe('')
  const explained: { readonly rules: readonly { readonly result: boolean | null }[] } = JSON.parse(out)
  expect(conditions.map(({ condition }, index) => [condition, explained.rules[index]?.result])).toEqual(
    conditions.map(({ condition, truth }) => [condition, truth]),
  )
}

describe.each(pages)('$page', ({ page, lang }) => {
  const examples = examplesOf(blocksOf(page))

  it.each(examples.map((example) => [example.block.line, example.form, example] as const))(
    'says in line %i what is so: %s',
    async (_line, _form, example) => {
      await check(example, lang)
    },
  )

  it('names every field with its members, and every kind of action with its parameters', () => {
    const names = [
      ...feedbackFields.flatMap(({ column, members = [] }) => [
        column,
        ...members.map((member) => member.column),
      ]),
      ...actionKinds.flatMap(({ name, params }) => [name, ...Object.keys(params.shape)]),
    ]
    const words = new Set(
      [...text(page).matchAll(/\w+/g), ...text(page).matchAll(/\w+\.\w+/g)].map(([word]) => word),
    )
    expect(names.filter((name) => !words.has(name))).toEqual([])
  })

  it('links to sections of its own that are there', () => {
    const slug = (title: string): string =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-')
    const sections = [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => slug(title))
    const links = [...text(page).matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link)
    expect(links.length).toBeGreaterThan(10)
    expect(links.filter((link) => !sections.includes(link))).toEqual([])
  })

  it('has examples of every form', () => {
    const forms = new Set(examples.map(({ form }) => form))
    expect([...forms].sort()).toEqual(['conditions', 'explained', 'json', 'rules', 'tests', 'wrong'])
  })
})

describe('the two pages', () => {
  const levels = (page: string): readonly string[] =>
    [...text(page).matchAll(/^(#+) /gm)].map(([, level = '']) => level)

  it('have the same sections', () => {
    expect(levels('docs/rules.zh-CN.md')).toEqual(levels('docs/rules.md'))
  })

  it('have the same code, but for its comments and the names of tests', () => {
    expect(blocksOf('docs/rules.zh-CN.md').map(codeAlone)).toEqual(blocksOf('docs/rules.md').map(codeAlone))
  })
})
