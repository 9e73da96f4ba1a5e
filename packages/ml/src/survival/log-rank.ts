import { must } from '../check.js'
import { chiSquareUpperTail } from '../distributions/gamma.js'
import { solve } from '../numeric/solve.js'
import { lifeTable, mustBeObservations, type Observation } from './observation.js'

export interface LogRankGroup {
  readonly units: number
  readonly observed: number
  /** Events that it would have had if all groups were alike. */
  readonly expected: number
}

export interface LogRank {
  /** In the order given. */
  readonly groups: readonly LogRankGroup[]
  /** χ²; null when no event can tell the groups apart. */
  readonly statistic: number | null
  readonly degrees: number
  readonly pValue: number | null
}

/**
 * Do groups have the event equally soon? At each instant with events, each group is expected to have its share of them.
 *
 * E_g = Σ dⱼ·r_gj/rⱼ; V_gh = Σ dⱼ·(rⱼ − dⱼ)/(rⱼ − 1)·r_gj/rⱼ·(δ_gh − r_hj/rⱼ); χ² = (O − E)ᵀ V⁻¹ (O − E), one degree of
 * freedom fewer than groups
 *
 * Groups without units do not count. Without events, or when no instant has two groups at risk, the statistic is null.
 *
 * @param groups two at least
 * @throws AndonError OPTIONS_INVALID for fewer groups, or a negative time
 * @see N. Mantel, Cancer Chemother. Rep. 50 (1966) 163–170; R. Peto, J. Peto, J. R. Stat. Soc. A 135 (1972) 185–207
 */
export function logRank(groups: readonly (readonly Observation[])[]): LogRank {
  must(groups.length >= 2, 'logRank.groups', { en: 'must be two or more', zh: '必须至少有两组' })
  for (const [index, group] of groups.entries()) mustBeObservations(group, `logRank.groups.${index}`)
  const tables = groups.map((group) => ({
    rows: new Map(lifeTable(group).map((row) => [row.time, row])),
    atRisk: group.length,
    observed: 0,
    expected: 0,
  }))
  const covariance = groups.map(() => groups.map(() => 0))
  for (const { time, atRisk, events } of lifeTable(groups.flat())) {
    const shares = tables.map((table) => table.atRisk / atRisk)
    const spread = atRisk === 1 ? 0 : (events * (atRisk - events)) / (atRisk - 1)
    for (const [g, table] of tables.entries()) {
      const share = shares[g] ?? 0
      const row = table.rows.get(time)
      table.observed += row?.events ?? 0
      table.expected += events * share
      table.atRisk -= (row?.events ?? 0) + (row?.censored ?? 0)
      const line = covariance[g] ?? []
      for (const [h, other] of shares.entries())
        line[h] = (line[h] ?? 0) + spread * share * ((g === h ? 1 : 0) - other)
    }
  }
  const summary = tables.map(({ observed, expected }, index) => ({
    units: groups[index]?.length ?? 0,
    observed,
    expected,
  }))
  return { groups: summary, ...quadratic(summary, covariance) }
}

/** The groups' differences sum to 0, so that one of them says nothing new: the last is left out. */
function quadratic(
  groups: readonly LogRankGroup[],
  covariance: readonly (readonly number[])[],
): Pick<LogRank, 'statistic' | 'degrees' | 'pValue'> {
  const told = groups.flatMap(({ expected }, index) => (expected > 0 ? [index] : []))
  const kept = told.slice(0, -1)
  const degrees = kept.length
  const differences = kept.map((g) => (groups[g]?.observed ?? 0) - (groups[g]?.expected ?? 0))
  const matrix = kept.map((g) => kept.map((h) => covariance[g]?.[h] ?? 0))
  const solved = degrees === 0 ? null : solve(matrix, differences)
  if (solved === null) return { statistic: null, degrees, pValue: null }
  const statistic = solved.reduce((sum, x, index) => sum + x * (differences[index] ?? 0), 0)
  return { statistic, degrees, pValue: chiSquareUpperTail(statistic, degrees) }
}
