const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** Monday, midnight in China; the plant, its clocks and the platforms without a zone live at +08:00. */
export const start = Date.parse('2026-03-02T00:00:00+08:00')
export const days = 12
export const end = start + days * day
/** Time moves on in steps of this; what customers send within one arrives together. */
export const step = 10 * minute

const zone = 8 * hour

/** `2026-03-05 14:20:00`, the plant's wall clock. */
export const localTime = (at: number): string =>
  new Date(at + zone).toISOString().slice(0, 19).replace('T', ' ')

export const localDate = (at: number): string => localTime(at).slice(0, 10)

/** 1 on the first day. */
export const dayNumber = (at: number): number => Math.floor((at - start) / day) + 1

/** `14:20` */
export const timeOfDay = (at: number): string => localTime(at).slice(11, 16)
