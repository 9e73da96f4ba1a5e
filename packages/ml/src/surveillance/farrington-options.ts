import * as z from 'zod'

export interface FarringtonOptions {
  /**
   * `improved` (Noufaily and others 2013) unless told: the whole years before count, in ten seasons; only what is far out is
   * played down; the trend is always there; the threshold is a quantile of the negative binomial.
   * `original` (Farrington and others 1996): only the same weeks of the years before; a trend where it is significant; the
   * threshold is normal after the ⅔ power.
   * Each of the options below is what the method says unless told.
   */
  readonly method?: 'improved' | 'original'
  /** Periods in a year: 52 unless told; 12 for months. */
  readonly period?: number
  /** b: years that are looked back; 5 unless told. */
  readonly years?: number
  /** w: periods before and after the same period of a year before; 3 unless told, 1 for months. */
  readonly window?: number
  /** Seasons of a year; improved 10, original 1: nothing but the windows. */
  readonly seasons?: number
  /** Periods just before that do not count, lest a slow rise hides itself; half a year with seasons. */
  readonly recent?: number
  /** Anscombe residuals beyond this are played down: they are past outbreaks. Improved 2.58, original 1. */
  readonly outlier?: number
  readonly trend?: 'always' | 'significant' | 'never'
  readonly threshold?: 'two-thirds' | 'negative-binomial'
  /** How often one period calls without cause, one-sided; .005 unless told. */
  readonly level?: number
  /** No call below so many events within so many periods: 5 in 4 unless told. */
  readonly least?: { readonly events: number; readonly periods: number }
  /** Units in service in each period; the rate is judged, not the count. All alike unless given. */
  readonly exposure?: readonly number[]
  /** The first period to judge, counted from 0; the first with enough history unless told. */
  readonly from?: number
}

const schema = z.strictObject({
  method: z.enum(['improved', 'original']).default('improved'),
  period: z.int().min(2).default(52),
  years: z.int().min(1).default(5),
  window: z.int().nonnegative().optional(),
  seasons: z.int().min(1).optional(),
  recent: z.int().nonnegative().optional(),
  outlier: z.number().positive().optional(),
  trend: z.enum(['always', 'significant', 'never']).optional(),
  threshold: z.enum(['two-thirds', 'negative-binomial']).optional(),
  level: z.number().positive().lt(0.5).default(0.005),
  least: z
    .strictObject({ events: z.int().nonnegative(), periods: z.int().positive() })
    .default({ events: 5, periods: 4 }),
  exposure: z.array(z.number().positive()).optional(),
  from: z.int().nonnegative().optional(),
})

const methods = {
  improved: { outlier: 2.58, trend: 'always', threshold: 'negative-binomial' },
  original: { outlier: 1, trend: 'significant', threshold: 'two-thirds' },
} as const

export const farringtonSchema = schema
  .transform((told) => {
    const { method, period } = told
    const window = told.window ?? (period < 26 ? 1 : 3)
    const seasons = told.seasons ?? (method === 'original' ? 1 : Math.min(10, period - 2 * window))
    return {
      ...told,
      window,
      seasons,
      recent: told.recent ?? (seasons === 1 ? 0 : Math.floor(period / 2)),
      outlier: told.outlier ?? methods[method].outlier,
      trend: told.trend ?? methods[method].trend,
      threshold: told.threshold ?? methods[method].threshold,
    }
  })
  .refine(({ period, window }) => 2 * window + 1 <= period, {
    path: ['window'],
    message: 'the window must fit into the year',
  })
  .refine(({ period, window, seasons }) => seasons - 1 <= period - 2 * window - 1, {
    path: ['seasons'],
    message: 'there must be a period for every season',
  })

export type FarringtonSettings = z.output<typeof farringtonSchema>
