import { describe, expect, it } from 'vitest'
import { codeBlocks, programsOf } from '../scripts/lib/doc-code.mjs'

const page = (...lines: string[]): string => lines.join('\n')
const programs = (text: string) => programsOf(codeBlocks('docs/a-page.md', text))

describe('code in pages', () => {
  it('is found with its language, its mark and its line', () => {
    const text = page('# Title', '', '```ts run', 'const a = 1', '```', 'then', '~~~sql', 'SELECT 1', '~~~')
    expect(codeBlocks('README.md', text)).toEqual([
      { page: 'README.md', line: 4, language: 'ts', mark: 'run', code: 'const a = 1\n' },
      { page: 'README.md', line: 8, language: 'sql', mark: '', code: 'SELECT 1\n' },
    ])
  })

  it('may show fences itself and stand in a list', () => {
    const text = page('- so:', '  ````md', '  ```ts', '    indented', '  ```', '  ````')
    expect(codeBlocks('README.md', text)).toMatchObject([
      { language: 'md', code: '```ts\n  indented\n```\n' },
    ])
  })

  it('is refused when it never ends', () => {
    expect(() => codeBlocks('README.md', page('text', '```ts', 'const a = 1'))).toThrow(
      'README.md: the code block that begins in line 2',
    )
  })

  it('is compiled when it is TypeScript and run only when marked', () => {
    const found = programs(page('```ts', 'a', '```', '```ts run', 'b', '```', '```sh', 'c', '```'))
    expect(found).toMatchObject([
      { file: 'docs-a-page-2.ts', line: 2, run: false },
      { file: 'docs-a-page-5.ts', line: 5, run: true },
    ])
    expect(found).toHaveLength(2)
  })

  it('may go on from block to block', () => {
    const [program] = programs(page('```ts run', 'const a = 1', '```', '```ts next', 'a.toFixed()', '```'))
    expect(program).toMatchObject({ run: true, code: expect.stringMatching(/const a = 1\s+a\.toFixed\(\)/) })
  })

  it('is refused when its mark is unknown or has nothing to go on from', () => {
    expect(() => programs(page('```ts runn', 'a', '```'))).toThrow('docs/a-page.md:2: `ts runn` is not known')
    expect(() => programs(page('```ts next', 'a', '```'))).toThrow('has no block before it')
  })

  it('is a rule to be parsed when it is SQL that creates one', () => {
    const found = programs(
      page('```sql', 'CREATE RULE r AS SELECT 1;', '```', '```sql', 'severity > 1', '```'),
    )
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ run: true, code: expect.stringContaining('parseRules(') })
  })
  it('may be a rule that is wrong, which is refused when it is not', () => {
    const [wrong] = programs(page('```sql wrong', 'CREATE RULE r AS SELECT 1;', '```'))
    expect(wrong).toMatchObject({ run: true, code: expect.stringContaining('nothing wrong with it') })
    expect(() => programs(page('```sql bad', 'CREATE RULE r AS SELECT 1;', '```'))).toThrow(
      'docs/a-page.md:2: `sql bad` is not known',
    )
  })
})
