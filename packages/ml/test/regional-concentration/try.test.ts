import { it } from 'vitest'
import { base, found, models, places, year } from './simulated-regions.js'
const faults = models.flatMap((model) => ['E-1', 'E-2', 'E-3', 'E-4'].map((f) => [model, f] as const))
for (const [name, options] of [['base', { installedBase: base }], ['base+places', { installedBase: base, places }], ['past', {}], ['past+places', { places }]] as const)
  it(name, () => {
    for (const spread of [0, 0.3]) {
      const t = performance.now()
      const runs = Array.from({ length: 300 }, (_, i) => found(year(1 + i, 50, faults, { spread }), options).length)
      console.log(name, 'spread', spread, runs.filter((n) => n > 0).length / runs.length, performance.now() - t)
    }
    for (const [region, fromDay, each] of [['R-3', 0, 400], ['R-10', 0, 400], ['R-19', 0,400], ['R-3', 200, 1000], ['R-10', 200, 1000], ['R-10', 200, 2000]] as const) {
      if (name.startsWith('past') !== (fromDay > 0)) continue
      const runs = Array.from({ length: 100 }, (_, i) => found(year(5001 + i, each, [['KX-500', 'E-1']], { planted: { region, times: 4, fromDay } }), options).filter(({finding}) => (finding.numbers.regions as string[]).includes(region))[0]?.after).filter(x => x !== undefined).sort((a, b) => a - b)
      console.log(name, region, fromDay, each, runs.length, 'median', runs[runs.length >> 1], '90%', runs[Math.floor(89)])
    }
    console.log(found(year(5001, 2000, [['KX-500', 'E-1']], { planted: { region: 'R-10', times: 4, fromDay: 200 } }), options).map(({after, finding}) => [after, finding.key, finding.title.en, finding.title.zh, finding.numbers]))
  })
