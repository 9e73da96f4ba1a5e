/** Every text that a person sees exists in both languages. */
export interface Localized {
  readonly en: string
  readonly zh: string
}

export type Locale = keyof Localized

/** Picks the text for a BCP 47 tag such as `zh-CN` or an environment value such as `zh_CN.UTF-8`; English otherwise. */
export function localeOf(tag: string | undefined): Locale {
  return tag !== undefined && /^zh\b|^zh_/i.test(tag) ? 'zh' : 'en'
}

/** Fills `{name}` placeholders; an unknown name stays visible as `{name}`. */
export function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name] ?? '') : whole,
  )
}
