import type { Action, Signal } from '@andon/core'
import type { Localized } from '@andon/core/connector'
import { regionName, withRegionNames } from '../world/places.js'
import { isLineHold } from './line-hold.js'

const text = (value: unknown): string => (value === undefined || value === null ? '?' : String(value))

/** What a rule found, in a sentence. */
export function foundText({ rule, facts, title }: Signal): Localized {
  const batch = text(facts.batch)
  const units = text(facts.units)
  switch (rule) {
    case 'compressor_batch_hold':
      return {
        en: `${units} fridges do not cool at night, all with compressor batch ${batch}`,
        zh: `${units} 台冰箱夜间不制冷，压缩机批次均为 ${batch}`,
      }
    case 'mainboard_batch_rework':
      return {
        en: `${units} displays failed, all with mainboard batch ${batch}`,
        zh: `${units} 台显示屏失效，主板批次均为 ${batch}`,
      }
    case 'door_seal_mould':
      return {
        en: `Door seals gape on ${units} fridges: the mould of IM-07 runs too cold`,
        zh: `${units} 台冰箱门封翘边：注塑机 IM-07 模温偏低`,
      }
    case 'hot_region': {
      const { en, zh } = regionName(text(facts.region))
      const reports = text(facts.reports)
      return {
        en: `${en} runs hot: ${reports} reports of hot casings in 24 h`,
        zh: `${zh}集中反映外壳发烫：24 小时 ${reports} 条`,
      }
    }
    default:
      return title
  }
}

/** What was done, in a few words. */
export function doneText(action: Action): Localized {
  const { kind, params, receipt, status, note } = action
  if (status !== 'succeeded') {
    return { en: `${kind}: ${note?.en ?? status}`, zh: `${kind}：${note?.zh ?? status}` }
  }
  const reference = receipt?.reference ?? '?'
  const batch = text(params.batch)
  switch (kind) {
    case 'material.hold':
      return isLineHold(action)
        ? { en: `Batch ${batch} HELD in the plant`, zh: `工厂已冻结批次 ${batch}` }
        : {
            en: `Batch ${batch} restricted in S/4HANA (${reference})`,
            zh: `S/4HANA 已限制使用批次 ${batch}（${reference}）`,
          }
    case 'schedule.rework':
      return {
        en: `Rework of batch ${batch} scheduled first (${reference})`,
        zh: `批次 ${batch} 返工已排在最前（${reference}）`,
      }
    case 'parameter.adjust':
      return {
        en: `${text(params.equipment)} mould ${text(params.from)} → ${text(params.to)} °C, within ${text(params.low)}–${text(params.high)} °C`,
        zh: `${text(params.equipment)} 模温 ${text(params.from)} → ${text(params.to)} ℃（限值 ${text(params.low)}–${text(params.high)} ℃）`,
      }
    case 'quality.notification':
      return {
        en: `Quality notification ${reference} in S/4HANA`,
        zh: `S/4HANA 质量通知单 ${reference}`,
      }
    case 'escalate': {
      const { en, zh } = teamName(text(params.to))
      return { en: `Danger: escalated to ${en}`, zh: `安全风险：已上报${zh}` }
    }
    case 'notify': {
      const { en, zh } = teamName(text(params.to))
      const said = bothLanguages(text(params.text))
      return { en: `Told ${en}: ${said.en}`, zh: `已通知${zh}：${said.zh}` }
    }
    default:
      return { en: `${kind} ${reference}`, zh: `${kind} ${reference}` }
  }
}

/** How the test of an effect came out. */
export function verdictText({ verification, facts, rule }: Signal): Localized {
  const before = perDay(verification?.rateBefore)
  const after = perDay(verification?.rateAfter)
  const what = facts.batch === undefined ? rule : text(facts.batch)
  const name = rule === 'door_seal_mould' ? { en: 'door seals', zh: '门封' } : { en: what, zh: what }
  return verification?.verdict === 'effective'
    ? {
        en: `Effect proven for ${name.en}: ${before} → ${after} complaints a day. Closed.`,
        zh: `${name.zh} 措施有效：每日投诉 ${before} → ${after}，已关闭`,
      }
    : {
        en: `Effect not proven for ${name.en}: ${before} → ${after} complaints a day. Open again.`,
        zh: `${name.zh} 措施效果不足：每日投诉 ${before} → ${after}，重新打开`,
      }
}

const perDay = (perHour: number | undefined): string => ((perHour ?? 0) * 24).toFixed(0)

const teams: Readonly<Record<string, Localized>> = {
  production_team: { en: 'the production team', zh: '生产团队' },
  regional_service: { en: 'regional service', zh: '区域服务' },
  packing: { en: 'packing', zh: '包装线' },
}
const teamName = (name: string): Localized => teams[name] ?? { en: name, zh: name }

/** The rules write texts for people in English and Chinese, parted by a slash. */
function bothLanguages(told: string): Localized {
  const [en = told, zh = en] = told.split(' / ')
  return { en: withRegionNames(en, 'en'), zh: withRegionNames(zh, 'zh') }
}
