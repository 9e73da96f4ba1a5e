import type { Localized } from '@andon/core/connector'
import type { Comparison } from './comparison.js'
import type { Measured } from './measure.js'
import type { RegionalSettings } from './regional-options.js'
import type { FaultRegions } from './regional-state.js'
import type { Zone } from './zones.js'

/** More names than these make no sentence. */
const mostNames = 4

const times = (ratio: number): string => ratio.toFixed(1)
const amount = (number: number): string => (number < 10 ? number.toFixed(1) : String(Math.round(number)))

function placeOf(regions: readonly string[]): Localized {
  const named = regions.slice(0, mostNames)
  const more = regions.length - named.length
  return {
    en:
      more > 0
        ? `${named.join(', ')} and ${more} more ${more === 1 ? 'region' : 'regions'}`
        : named.join(', '),
    zh: more > 0 ? `${named.join('、')}等 ${regions.length} 个地区` : named.join('、'),
  }
}

/** What was found, in one sentence. */
export function sentenceOf(
  { model, fault }: FaultRegions,
  { basis }: Comparison,
  { regions, cases }: Zone,
  { expected, ratio, lower }: Measured,
  days: number,
): Localized {
  const place = placeOf(regions)
  const counts = {
    en: `${cases} cases in ${days} days, ${amount(expected)} expected`,
    zh: `${days} 天内 ${cases} 例，预期 ${amount(expected)} 例`,
  }
  if (basis === 'installed base') {
    const multiple =
      ratio === null
        ? { en: `is found in ${place.en} only`, zh: `仅出现在${place.zh}` }
        : {
            en: `is ${times(ratio)} times as frequent in ${place.en} as elsewhere`,
            zh: `在${place.zh}的发生率是其他地区的 ${times(ratio)} 倍`,
          }
    return {
      en: `${model}: ${fault} ${multiple.en}, per unit in service, ${times(lower)} times at the very least (${counts.en}).`,
      zh: `${model}：${fault} 按在用台数计，${multiple.zh}，至少 ${times(lower)} 倍（${counts.zh}）。`,
    }
  }
  const multiple =
    ratio === null
      ? { en: `has come up in ${place.en}`, zh: `在${place.zh}新出现` }
      : {
          en: `has risen ${times(ratio)} times as much in ${place.en} as elsewhere`,
          zh: `在${place.zh}的增幅是其他地区的 ${times(ratio)} 倍`,
        }
  return {
    en: `${model}: reports of ${fault}: it ${multiple.en}, ${times(lower)} times at the very least (${counts.en}); how many units are in service there is not known.`,
    zh: `${model}：关于 ${fault} 的反馈${multiple.zh}，至少 ${times(lower)} 倍（${counts.zh}）；当地在用台数未知。`,
  }
}

/** What would make it go away. */
export function remedyOf(
  { casesToClear }: Measured,
  { limit, windowDays }: Pick<RegionalSettings, 'limit' | 'windowDays'>,
): Localized {
  return {
    en: `It goes away when the ratio falls to ${limit} or less: with ${casesToClear} further cases elsewhere and none here, or when ${windowDays} days pass without any more here.`,
    zh: `若比值降至 ${limit} 或以下，此结论不再成立：例如其他地区再出现 ${casesToClear} 例而此处没有，或此处连续 ${windowDays} 天未再出现。`,
  }
}
