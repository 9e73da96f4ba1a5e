import type { Detector } from '@andon/core/connector'

/** How often each fault code was seen, by model; frequent ones are found once at the limit. */
export type CounterState = { seen: { [key: string]: string[] } }

/** The reference detector: finds a fault code when it has come up `limit` times. */
export function counterDetector(limit: number): Detector<CounterState> {
  return {
    contract: 1,
    name: 'counter',
    capabilities: { limit },
    init: () => ({ seen: {} }),
    observe(state, batch) {
      return batch.flatMap((feedback) => {
        const key = `${feedback.productModel ?? ''}:${feedback.faultCode?.code ?? ''}`
        const ids = state.seen[key] ?? []
        ids.push(feedback.feedbackId)
        state.seen[key] = ids
        if (ids.length !== limit) return []
        const title = { en: `${limit} reports of ${key}`, zh: `${key} 已有 ${limit} 次报告` }
        return [{ key, title, severity: feedback.severityScore, feedbackIds: [...ids], numbers: { limit } }]
      })
    },
  }
}
