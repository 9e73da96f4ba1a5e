/** Every text that a person sees exists in both languages. */
export interface Localized {
  readonly en: string
  readonly zh: string
}

export type Locale = keyof Localized

/** Fills `{name}` placeholders; an unknown name stays visible as `{name}`. */
export function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name] ?? '') : whole,
  )
}
