const show = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value))

/**
 * Where `actual` differs from what is wanted of it, one line each: `facts.batch: "C-1" ≠ "C-2"`. Objects may have
 * more members than are wanted; lists are compared item by item as far as the wanted list goes.
 */
export function differences(wanted: unknown, actual: unknown, path: string): readonly string[] {
  if (typeof wanted === 'object' && wanted !== null && typeof actual === 'object' && actual !== null) {
    return Object.entries(wanted).flatMap(([name, value]) =>
      differences(
        value,
        Object.hasOwn(actual, name) ? Reflect.get(actual, name) : undefined,
        `${path}.${name}`,
      ),
    )
  }
  return Object.is(wanted, actual) ? [] : [`${path}: ${show(wanted)} ≠ ${show(actual)}`]
}
