export { association } from './association/association.js'
export type { AssociationOptions } from './association/association-options.js'
export type { AssociationState } from './association/association-state.js'
export {
  type CountCusumOptions,
  type CountCusumPoint,
  type CountedPeriod,
  countCusum,
} from './charts/count-cusum.js'
export { type CusumOptions, type CusumPoint, cusum } from './charts/cusum.js'
export { type EwmaOptions, type EwmaPoint, ewma } from './charts/ewma.js'
export { type LaneyOptions, laneyChart } from './charts/laney-chart.js'
export { pChart } from './charts/p-chart.js'
export { type RunRule, runRules } from './charts/run-rules.js'
export type { Chart, ChartOptions, ChartPoint, Sample } from './charts/shewhart.js'
export { uChart } from './charts/u-chart.js'
export {
  type Disproportionality,
  type DisproportionalityOptions,
  type DisproportionalityReport,
  disproportionality,
} from './disproportionality/disproportionality.js'
export { type EmpiricalBayes, empiricalBayes } from './disproportionality/empirical-bayes.js'
export { fitMgps, type MgpsFit } from './disproportionality/fit-mgps.js'
export type { InformationComponent } from './disproportionality/information-component.js'
export type { MgpsPrior } from './disproportionality/mgps-prior.js'
export {
  countPairs,
  type NamedPairCount,
  type PairCount,
  type Report,
} from './disproportionality/pair-count.js'
export type { Ratio } from './disproportionality/ratios.js'
export { emergingIssue } from './emerging-issue/emerging-issue.js'
export type { EmergingIssueOptions } from './emerging-issue/emerging-options.js'
export type { EmergingState } from './emerging-issue/emerging-state.js'
export { benjaminiHochberg, type FalseDiscovery } from './false-discovery/benjamini-hochberg.js'
export { garwoodInterval } from './intervals/garwood.js'
export type { Interval } from './intervals/interval.js'
export { newcombeDifference, type Proportion } from './intervals/newcombe.js'
export { type CountedRate, type RateRatio, rateRatio } from './intervals/rate-ratio.js'
export { wilsonInterval } from './intervals/wilson.js'
export { type AssociationRule, associationRules, type RuleOptions } from './item-sets/association-rules.js'
export {
  frequentItemsets,
  type ItemSet,
  type ItemSetOptions,
  type ItemSets,
} from './item-sets/frequent-item-sets.js'
export type { RuleMeasures } from './item-sets/rule-measures.js'
export { recurrence } from './recurrence/recurrence.js'
export type { RecurrenceOptions } from './recurrence/recurrence-options.js'
export type { RecurrenceState } from './recurrence/recurrence-state.js'
export {
  type InstalledBase,
  type InstalledUnits,
  installedBase,
} from './regional-concentration/installed-base.js'
export { regionalConcentration } from './regional-concentration/regional-concentration.js'
export type { RegionalConcentrationOptions } from './regional-concentration/regional-options.js'
export type { RegionalState } from './regional-concentration/regional-state.js'
export { type CountedRegion, type PeriodCluster, permutationScan } from './scan/permutation-scan.js'
export type { PeriodScanOptions, ScanOptions } from './scan/scan-options.js'
export { type ScannedRegion, type SpatialCluster, spatialScan } from './scan/spatial-scan.js'
export type { Geography, Place } from './scan/zones.js'
export { type EarsOptions, type EarsPoint, ears } from './surveillance/ears.js'
export { type FarringtonPoint, farrington } from './surveillance/farrington.js'
export type { FarringtonOptions } from './surveillance/farrington-options.js'
export { kaplanMeier, type SurvivalCurve, type SurvivalStep, survivalAt } from './survival/kaplan-meier.js'
export { type LogRank, type LogRankGroup, logRank } from './survival/log-rank.js'
export { type MeanCumulativeStep, meanCumulative, type UnitHistory } from './survival/mean-cumulative.js'
export type { LifeTableRow, Observation } from './survival/observation.js'
