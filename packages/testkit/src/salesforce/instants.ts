/** As REST writes it, to the second, as the org keeps it: `2026-01-01T08:00:00.000+0000`. */
export const instantText = (epochMs: number): string =>
  `${new Date(Math.floor(epochMs / 1000) * 1000).toISOString().slice(0, -1)}+0000`

/** Epoch ms of an instant with any offset; NaN when it is none. */
export function epochOf(text: string): number {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/.test(text)) return Number.NaN
  return Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
}

export const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))
