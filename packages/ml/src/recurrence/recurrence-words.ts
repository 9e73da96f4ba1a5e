import type { Localized } from '@andon/core/connector'
import type { RecurrenceSettings } from './recurrence-options.js'
import type { RecurrenceRate } from './recurrence-rate.js'

const percent = (share: number): string => (100 * share).toFixed(1)

/** What was found, in one sentence. */
export function sentenceOf(
  model: string,
  fault: string,
  level: 'watch' | 'confirmed',
  found: RecurrenceRate,
  { limit }: RecurrenceSettings,
): Localized {
  const [rate, lower, days] = [percent(found.rate), percent(found.lower), Math.round(found.followedDays)]
  const start = {
    en: `${model}: ${fault} comes back on ${rate} % of repaired units within ${days} days`,
    zh: `${model}：${fault} 在维修后 ${days} 天内于 ${rate}% 的产品上复发`,
  }
  return level === 'confirmed'
    ? {
        en: `${start.en}, on ${lower} % at the very least (${found.recurrences} of ${found.units} units): a potential design defect.`,
        zh: `${start.zh}，至少 ${lower}%（${found.units} 台中 ${found.recurrences} 台）：可能存在设计缺陷。`,
      }
    : {
        en: `${start.en} (${found.recurrences} of ${found.units} units): more than ${percent(limit)} %, but with so few units that may be chance.`,
        zh: `${start.zh}（${found.units} 台中 ${found.recurrences} 台）：高于 ${percent(limit)}%，但数量尚少，可能出于偶然。`,
      }
}

/** What would make it go away. */
export function remedyOf(
  level: 'watch' | 'confirmed',
  found: RecurrenceRate,
  { limit, horizonDays }: RecurrenceSettings,
): Localized {
  const [bound, days] = [percent(limit), Math.round(horizonDays)]
  return level === 'confirmed'
    ? {
        en: `It goes away with ${found.repairsToClear} repairs after which the fault does not come back for ${days} days.`,
        zh: `若有 ${found.repairsToClear} 次维修在 ${days} 天内未再出现该故障，此结论将不再成立。`,
      }
    : {
        en: `It goes away when further repairs bring the rate down to ${bound} %, and is confirmed when its lower end rises above that.`,
        zh: `若后续维修使复发率降至 ${bound}%，此提示消失；若其下限升至 ${bound}% 以上，则予以确认。`,
      }
}

/** Where no unit is known, only how much of all that is said is about this fault. */
export function shareSentenceOf(model: string, fault: string, reports: number, of: number): Localized {
  const share = percent(reports / of)
  return {
    en: `${model}: ${share} % of the reports without a serial number are about ${fault} (${reports} of ${of}). Whether it comes back on the same units cannot be told without serial numbers.`,
    zh: `${model}：未提供序列号的反馈中有 ${share}% 涉及 ${fault}（${of} 条中 ${reports} 条）。没有序列号，无法判断是否在同一产品上复发。`,
  }
}

export const shareRemedy: Localized = {
  en: 'It goes away when serial numbers are asked for at intake, and those show no recurrence.',
  zh: '若受理时收集序列号，且未见复发，此提示消失。',
}
