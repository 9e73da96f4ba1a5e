import fc from 'fast-check'
import { expect, it } from 'vitest'
import { complaint, engine } from './feed.js'

it('forgets the groups that were touched longest ago, whatever comes and goes', () => {
  const models = fc.array(fc.nat(9), { maxLength: 80 })
  fc.assert(
    fc.property(models, fc.integer({ min: 1, max: 6 }), (touched, maxGroups) => {
      const rule = `CREATE RULE r AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY product_model
        WINDOW SLIDING INTERVAL '20 seconds' ESCALATE TO t;`
      const running = engine(rule, { maxGroups, maxEntriesPerGroup: 1000 })
      /** By model the second of its latest complaint, stalest first. */
      const known = new Map<number, number>()
      let lost = 0
      for (const [seconds, model] of touched.entries()) {
        for (const [other, since] of known) if (seconds - since >= 20) known.delete(other)
        const [stalest] = known.keys()
        if (!known.has(model) && known.size >= maxGroups && stalest !== undefined) {
          known.delete(stalest)
          lost++
        }
        known.delete(model)
        known.set(model, seconds)
        running.observe([complaint(seconds + 1, seconds, { productModel: `M-${model}` })])
        const groups = running.snapshot().windows.flatMap(({ groups: those }) => those)
        expect(groups.map(({ values }) => values[0])).toEqual([...known.keys()].map((kept) => `M-${kept}`))
      }
      expect(running.losses().r?.groups ?? 0).toBe(lost)
    }),
  )
})
