import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeBlocks, pagesIn } from '../scripts/lib/doc-code.mjs'
import { inRoot, root } from '../scripts/lib/root.mjs'
import { workspaces } from '../scripts/lib/workspaces.mjs'

const text = (page: string): string => readFileSync(inRoot(page), 'utf8')
const pages = [
  ...pagesIn(
    root,
    workspaces().map(({ folder }) => folder),
  ),
  'SECURITY.md',
]

describe('the README', () => {
  const levels = (page: string): string[] =>
    [...text(page).matchAll(/^(#+) /gm)].map(([, level = '']) => level)
  const code = (page: string) =>
    codeBlocks(page, text(page))
      .filter(({ language }) => language !== 'mermaid')
      .map((block) => ({ ...block, page: '', line: 0 }))

  it('has the same sections in both languages', () => {
    expect(levels('README.zh-CN.md')).toEqual(levels('README.md'))
  })

  it('has the same code in both languages', () => {
    expect(code('README.md').length).toBeGreaterThan(3)
    expect(code('README.zh-CN.md')).toEqual(code('README.md'))
  })

  it('names every published package in both languages', () => {
    for (const { manifest } of workspaces().filter((workspace) => workspace.manifest.private !== true)) {
      expect(text('README.md')).toContain(`\`${manifest.name}\``)
      expect(text('README.zh-CN.md')).toContain(`\`${manifest.name}\``)
    }
  })
})

describe.each(pages)('%s', (page) => {
  it('links only to what is there', () => {
    const links = [...text(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const local = links
      .filter((link) => !/^(?:[a-z]+:|#)/i.test(link))
      .map((link) => link.replace(/#.*$/, ''))
    expect(local.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([])
  })
})
