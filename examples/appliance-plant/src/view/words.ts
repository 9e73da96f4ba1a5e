import type { Localized } from '@andon/core/connector'
import type { ChannelName } from '@andon/core/feedback'

export type Locale = keyof Localized

/** The text in one language with its `{name}`s filled in. */
export function say(
  text: Localized,
  locale: Locale,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return text[locale].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export const channelNames: Readonly<Record<ChannelName, Localized>> = {
  wechat: { en: 'WeChat', zh: '微信' },
  call: { en: 'Hotline', zh: '热线' },
  ecommerce: { en: 'Web shop', zh: '电商' },
  app: { en: 'App', zh: 'App' },
  livechat: { en: 'Live chat', zh: '在线客服' },
  web: { en: 'Web form', zh: '网站' },
  email: { en: 'E-mail', zh: '邮件' },
  sms: { en: 'SMS', zh: '短信' },
  weibo: { en: 'Weibo', zh: '微博' },
  store: { en: 'Store', zh: '门店' },
  'field-service': { en: 'Technician', zh: '上门维修' },
  iot: { en: 'Machine', zh: '物联网' },
}

export const words = {
  title: { en: 'ANDON  ·  refrigerator plant', zh: 'ANDON  ·  冰箱工厂' },
  day: { en: 'day {day} of {days}  ·  {time}', zh: '第 {day}/{days} 天  ·  {time}' },
  dayShort: { en: 'day {day} {time}', zh: '第{day}天 {time}' },
  complaints: { en: 'COMPLAINTS PER HOUR', zh: '每小时投诉' },
  all: { en: 'all', zh: '全部' },
  badBatch: { en: 'batch {batch}', zh: '批次 {batch}' },
  heldHere: { en: '▲ held', zh: '▲ 冻结' },
  voices: { en: 'VOICES  ·  {total} through twelve channels', zh: '客户声音  ·  十二个渠道共 {total} 条' },
  events: { en: 'FOUND AND DONE', zh: '发现与处置' },
  quiet: { en: 'All quiet: praise, questions, trifles.', zh: '一切正常：好评、咨询和小问题。' },
  plant: { en: 'THE PLANT', zh: '工厂现状' },
  held: { en: 'HELD', zh: '冻结' },
  stopped: { en: '{count} finished fridges kept back', zh: '已拦下成品 {count} 台' },
  reworked: { en: '{count} reworked', zh: '返工 {count} 台' },
  mould: { en: 'IM-07 mould {value} °C', zh: 'IM-07 模温 {value} ℃' },
  toHold: { en: 'complaint → hold: {ms} ms', zh: '投诉 → 冻结：{ms} 毫秒' },
  shipped: { en: '{count} delivered', zh: '已交付 {count} 台' },
  after: { en: '{ms} ms after the complaint', zh: '投诉后 {ms} 毫秒' },
  afterShort: { en: '{ms} ms', zh: '{ms} 毫秒' },
  comparing: {
    en: 'Counting what would have happened without Andon …',
    zh: '正在推演没有 Andon 时的情形……',
  },
} as const satisfies Record<string, Localized>
