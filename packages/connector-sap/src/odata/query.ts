/** The system query options, without `$`, and others such as `sap-client` as they are. */
export type Query = Readonly<Record<string, string | number | undefined>>

const systemOptions: ReadonlySet<string> = new Set(['filter', 'select', 'expand', 'orderby', 'top', 'skip'])

const plainValue = /^[\w,.()$/:~*!-]*$/

/** Only what must be encoded: `$filter=Batch%20eq%20'C-0042'` stays readable in a trace of the gateway. */
const encoded = (value: string): string =>
  // Most values need nothing.
  plainValue.test(value)
    ? value
    : encodeURIComponent(value).replace(/%(27|28|29|2C|3A|24|2F)/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )

/** The path with these options; what is undefined is left out. */
export function withQuery(path: string, query: Query): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${systemOptions.has(name) ? `$${name}` : name}=${encoded(String(value))}`],
  )
  if (parts.length === 0) return path
  return `${path}${path.includes('?') ? '&' : '?'}${parts.join('&')}`
}

/** `(a or b or c)`; undefined for none. */
export const anyOf = (conditions: readonly string[]): string | undefined =>
  conditions.length === 0
    ? undefined
    : conditions.length === 1
      ? conditions[0]
      : `(${conditions.join(' or ')})`
