import type { Locale, Localized } from '@andon/core'

/** Picks the language: `--lang`, else what the environment says (`zh_CN.UTF-8`), else English. */
export function localeFor(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Locale {
  const tag = asked ?? env.LC_ALL ?? env.LC_MESSAGES ?? env.LANG ?? ''
  return /^zh(?:$|[-_.])/i.test(tag) ? 'zh' : 'en'
}

/** A text with its `{name}` placeholders filled, in both languages. */
export function filled(text: Localized, values: Readonly<Record<string, string | number>>): Localized {
  const put = (template: string): string =>
    template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
  return { en: put(text.en), zh: put(text.zh) }
}
