import type { RawPayload } from '@andon/core'

/** A fast seeded generator (mulberry32): the same seed, the same complaints. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const models = Array.from({ length: 40 }, (_, i) => `BCD-${400 + i}`)
export const lines = ['高端系列', '经典系列', 'Comfort', 'Basic']
export const faults = Array.from({ length: 12 }, (_, i) => `E-${['COOL', 'DISP', 'NOISE'][i % 3]}-0${1 + (i % 4)}`)
const regions = ['CN-GD', 'CN-ZJ', 'CN-SC', 'DE-BY', 'FR-IDF', 'BR-SP']
const sentences = [
  '冰箱冷藏室夜里温度在2到8度之间来回跳，早上牛奶都不凉，压缩机一直响，声音很大，已经持续三天。',
  'The fridge swings between 2 and 8 °C at night and the milk is warm in the morning. It began last week.',
  '显示屏间歇性黑屏，按键没有反应，断电重启之后能好几个小时，然后又不亮了，客服电话一直打不通。',
  'The compressor hums loudly every 20 minutes and the freezer drawer has ice all over the back wall.',
  '门封条不严，冷冻室结霜严重，每天要化两次霜，维修师傅来过一次说是批次问题，希望能尽快更换。',
]

/** About 1 kB of JSON each, as a survey tool posts it: a submission with its answers. */
export function complaints(seed: number): (index: number, now: number) => RawPayload {
  const next = random(seed)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T
  return (index, now) => {
    const severity = next() < 0.01 ? 9 + next() : next() * 7
    const batch = Math.floor(next() * 400)
    const body = `{"submission_id":"sub-${seed}-${index}","user_id":"u${(index * 7919) % 1_000_003}","language":"${index % 2 ? 'zh-CN' : 'en'}","collected_at":"${new Date(now).toISOString()}","survey_id":"svy-product-care-2026","answers":[{"field_id":"description","field_type":"text","value_text":"${pick(sentences)} ${pick(sentences)}"},{"field_id":"product_category","field_type":"text","value_text":"appliance"},{"field_id":"product_line","field_type":"text","value_text":"${pick(lines)}"},{"field_id":"product_model","field_type":"text","value_text":"${pick(models)}"},{"field_id":"serial_number","field_type":"text","value_text":"SN${index}"},{"field_id":"batch_number","field_type":"text","value_text":"FG-26-${batch}"},{"field_id":"fault_code","field_type":"text","value_text":"${pick(faults)}"},{"field_id":"region","field_type":"text","value_text":"${pick(regions)}"},{"field_id":"severity","field_type":"number","value_number":${severity.toFixed(1)}},{"field_id":"rating","field_type":"rating","value_number":${1 + Math.floor(next() * 5)}}]}`
    return { body, source: 'survey-eu' }
  }
}
