import type { Locale } from '@andon/core'

/** What commander says of wrong use, in Chinese; anything else stays as it is. */
const chinese: readonly (readonly [RegExp, string])[] = [
  [/^unknown command '(.*)'/, '没有命令 “$1”'],
  [/^unknown option '(.*)'/, '没有选项 “$1”'],
  [/^missing required argument '(.*)'/, '缺少参数 <$1>'],
  [/^required option '(.*)' not specified/, '缺少必需的选项 $1'],
  [/^option '(.*)' argument missing/, '选项 $1 缺少取值'],
  [/^option '(.*?)' argument '(.*?)' is invalid\. (.*)/, '选项 $1 的取值 “$2” 无效：$3'],
  [/^too many arguments(?: for '(.*?)')?.*/, '参数过多'],
  [/\(Did you mean (?:one of )?(.*)\?\)/s, '（是否想写 $1？）'],
]

/** Commander's message of wrong use as a person reads it. */
export function usageError(message: string, locale: Locale): string {
  const plain = message.replace(/^error: /, '').trim()
  if (locale === 'en') return `andon: ${plain}\n`
  return `andon：${chinese.reduce((text, [pattern, words]) => text.replace(pattern, words), plain)}\n`
}
