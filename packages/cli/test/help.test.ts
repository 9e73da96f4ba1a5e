import { describe, expect, test } from 'vitest'
import { andon, FakeIo } from './helpers.js'

const commands = [[], ['run'], ['replay'], ['rules'], ['rules', 'check'], ['audit'], ['audit', 'verify']]

describe('help', () => {
  test.each(commands)('%j --help shows examples and exit codes, and succeeds', async (...words) => {
    const { code, out, err } = await andon([...words, '--help'])

    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/Examples:\n {2}andon /)
    expect(out).toMatch(/Exit codes:\n {2}0 {4}done/)
  })

  test('help speaks Chinese when asked', async () => {
    const { out } = await andon(['replay', '--help', '--lang', 'zh'])

    expect(out).toContain('用法：')
    expect(out).toContain('以影子模式把历史反馈文件送入闭环')
    expect(out).toContain('退出码：')
  })

  test('help speaks the language of the environment', async () => {
    const { out } = await andon(['--help'], new FakeIo({ env: { LANG: 'zh_CN.UTF-8' } }))

    expect(out).toContain('用法：')
  })

  test('--lang goes before the environment', async () => {
    const { out } = await andon(['--help', '--lang=en'], new FakeIo({ env: { LANG: 'zh_CN.UTF-8' } }))

    expect(out).toContain('Usage:')
  })

  test('--version prints the version alone', async () => {
    const { code, out } = await andon(['--version'])

    expect(code).toBe(0)
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('wrong use', () => {
  test('without a command the help goes to standard error and the code is 2', async () => {
    const { code, out, err } = await andon([])

    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('Usage: andon')
  })

  test('an unknown command is told with the one that was meant', async () => {
    const { code, err } = await andon(['relpay'])

    expect(code).toBe(2)
    expect(err).toBe("andon: unknown command 'relpay'\n(Did you mean replay?)\n")
  })

  test('an unknown command is told in Chinese too', async () => {
    const { err } = await andon(['rules', 'chek', '--lang', 'zh'])

    expect(err).toBe('andon：没有命令 “chek”\n（是否想写 check？）\n')
  })

  test('an unknown option is told with the one that was meant', async () => {
    const { code, err } = await andon(['rules', 'check', 'a.sql', '--jsn'])

    expect(code).toBe(2)
    expect(err).toContain('Did you mean --json?')
  })

  test('a required option that is missing is named', async () => {
    const { code, err } = await andon(['replay', 'a.csv', '--map', 'm.json'])

    expect(code).toBe(2)
    expect(err).toContain("required option '--rules <file>' not specified")
  })

  test.each(['0', '-3', 'many', '1.5'])('a limit of %s is refused', async (limit) => {
    const argv = ['replay', 'a.csv', '--map', 'm', '--rules', 'r', `--limit=${limit}`]
    const { code, err } = await andon(argv)

    expect(code).toBe(2)
    expect(err).toContain('whole number above 0')
  })

  test('a language that Andon does not speak is refused', async () => {
    expect((await andon(['rules', 'check', 'a.sql', '--lang', 'fr'])).code).toBe(2)
  })
})

describe('colours', () => {
  const help = async (io: FakeIo): Promise<string> => (await andon(['--help'], io)).out
  const colour = '\u001b['

  test('a terminal gets colours', async () => {
    expect(await help(new FakeIo({ isTerminal: true }))).toContain(colour)
  })

  test('a terminal with NO_COLOR gets none', async () => {
    expect(await help(new FakeIo({ isTerminal: true, env: { NO_COLOR: '1' } }))).not.toContain(colour)
  })

  test('a pipe gets none', async () => {
    expect(await help(new FakeIo())).not.toContain(colour)
  })
})
