import { parseArgs } from 'node:util'
import type { Localized } from '@andon/core/connector'
import type { Locale } from './view/words.js'

export interface CliOptions {
  readonly seed: number
  readonly locale: Locale
  readonly fast: boolean
  readonly headless: boolean
  readonly json: boolean
  readonly help: boolean
}

export const defaultSeed = 42

/** What was typed, or what is wrong with it. */
export function readOptions(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): CliOptions | { readonly problem: Localized; readonly locale: Locale } {
  const given = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG
  const fromEnvironment: Locale = /^zh\b|^zh_/i.test(given ?? '') ? 'zh' : 'en'
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string', default: String(defaultSeed) },
        lang: { type: 'string' },
        fast: { type: 'boolean', default: false },
        headless: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const { seed, lang, fast, headless, json, help } = values
    const locale = lang === undefined ? fromEnvironment : localeNamed(lang)
    if (locale === undefined) {
      return {
        problem: { en: `--lang ${lang} is neither en nor zh`, zh: `--lang ${lang} 既不是 en 也不是 zh` },
        locale: fromEnvironment,
      }
    }
    if (!/^\d{1,9}$/.test(seed)) {
      return {
        problem: { en: `--seed ${seed} is not a whole number`, zh: `--seed ${seed} 不是整数` },
        locale,
      }
    }
    return { seed: Number(seed), locale, fast, headless: headless || json, json, help }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { problem: { en: message, zh: `参数无法识别：${message}` }, locale: fromEnvironment }
  }
}

function localeNamed(name: string): Locale | undefined {
  if (/^zh\b|^zh_/i.test(name)) return 'zh'
  return /^en\b|^en_/i.test(name) ? 'en' : undefined
}

export const help: Localized = {
  en: `The Andon demo: twelve simulated days of a refrigerator plant and its customers.

Usage: npm run demo -- [options]

  --seed <n>     another story of the same kind; the same seed tells the same one (default ${defaultSeed})
  --lang en|zh   language of the screen (default: LANG)
  --fast         as fast as it can instead of about 25 seconds
  --headless     no live view: the report at the end
  --json         one JSON object on stdout and nothing else (implies --headless)
  -h, --help     this text

Exit code 0 when the bad batch was held, no good one was, all twelve channels spoke and nothing sound
was quarantined; 1 with the reasons otherwise; 2 when an option is not understood.

Examples
  npm run demo
  npm run demo -- --lang zh --seed 7
  npm run --silent demo -- --headless --json | jq .latency
`,
  zh: `Andon 演示：模拟一家冰箱工厂及其客户的十二天。

用法：npm run demo -- [选项]

  --seed <n>     换一个同类的故事；种子相同则结果相同（默认 ${defaultSeed}）
  --lang en|zh   界面语言（默认取自 LANG）
  --fast         全速运行，而非约 25 秒
  --headless     不显示实时画面，只在最后输出报告
  --json         仅在标准输出打印一个 JSON 对象（隐含 --headless）
  -h, --help     显示本帮助

退出码：不良批次被冻结、没有误冻结、十二个渠道都有反馈且没有误隔离时为 0；否则为 1 并说明原因；
选项无法识别时为 2。

示例
  npm run demo
  npm run demo -- --lang zh --seed 7
  npm run --silent demo -- --headless --json | jq .latency
`,
}
