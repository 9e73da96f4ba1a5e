import type { Detector } from '@andon/core/connector'
import { association, emergingIssue, recurrence, regionalConcentration } from '@andon/ml'
import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import { nearest } from '../suggest.js'

/** What can be asked for by name; each as it comes, without options. */
const all: Readonly<Record<string, () => Detector>> = {
  association,
  'emerging-issue': emergingIssue,
  recurrence,
  'regional-concentration': regionalConcentration,
}

const detectorNames: readonly string[] = Object.keys(all)

/**
 * The detectors of these names; all of them when none is named.
 *
 * @throws CliError exit code 2 for a name that none has
 */
export function detectorsNamed(names: readonly string[]): readonly Detector[] {
  return (names.length === 0 ? detectorNames : names).map((name) => {
    const make = Object.hasOwn(all, name) ? all[name] : undefined
    if (make !== undefined) return make()
    const meant = nearest(name, detectorNames)
    throw new CliError(
      {
        en: `There is no detector ${name}${meant === undefined ? '' : ` (did you mean ${meant}?)`}. There are: ${detectorNames.join(', ')}.`,
        zh: `没有名为 ${name} 的检测器${meant === undefined ? '' : `（是否想写 ${meant}？）`}。可用的有：${detectorNames.join('、')}。`,
      },
      exitCodes.usage,
    )
  })
}
