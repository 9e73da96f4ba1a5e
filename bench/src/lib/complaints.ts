import type { RawPayload } from '@andon/core'

/** A fast seeded generator (mulberry32): the same seed, the same complaints. */
function random(seed: number): () => number {
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
export const faults = Array.from(
  { length: 12 },
  (_, i) => `E-${['COOL', 'DISP', 'NOISE'][i % 3]}-0${1 + (i % 4)}`,
)
export const regions = ['CN-GD', 'CN-ZJ', 'CN-SC', 'DE-BY', 'FR-IDF', 'BR-SP']
const sentences = [
  '冰箱冷藏室夜里温度在2到8度之间来回跳，早上牛奶都不凉，压缩机一直响，声音很大，已经持续三天。',
  'The fridge swings between 2 and 8 °C at night and the milk is warm in the morning. It began last week.',
  '显示屏间歇性黑屏，按键没有反应，断电重启之后能好几个小时，然后又不亮了，客服电话一直打不通。',
  'The compressor hums loudly every 20 minutes and the freezer drawer has ice all over the back wall.',
  '门封条不严，冷冻室结霜严重，每天要化两次霜，维修师傅来过一次说是批次问题，希望能尽快更换。',
]

/**
 * About 1 kB of JSON each, as a survey tool posts it: a submission with its answers. `severe` is the share of
 * complaints that a rule escalates at once. The same seed gives the same complaints.
 */
export function complaints(seed: number, severe = 1 / 2000): (index: number, now: number) => RawPayload {
  const next = random(seed)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T
  const answer = (field: string, value: string): string =>
    `{"field_id":"${field}","field_type":"text","value_text":"${value}"}`
  return (index, now) => {
    const batch = Math.floor(next() * 400)
    const severity = (next() < severe ? 9 + next() : next() * 7).toFixed(1)
    const answers = [
      answer('description', `${pick(sentences)} ${index}`),
      answer('product_category', 'appliance'),
      answer('product_line', pick(lines)),
      answer('product_model', pick(models)),
      answer('serial_number', `SN26${index}`),
      answer('batch_number', `FG-26-${batch}`),
      answer('compressor_batch', `C-26-${batch >> 2}`),
      answer('fault_code', pick(faults)),
      answer('region', pick(regions)),
      `{"field_id":"severity","field_type":"number","value_number":${severity}}`,
    ]
    const body = `{"submission_id":"c-${seed}-${index}","user_id":"u${(index * 7919) % 1_000_003}","language":"${index % 2 ? 'en' : 'zh-CN'}","collected_at":"${new Date(now).toISOString()}","answers":[${answers.join(',')}]}`
    return { body, source: 'survey-eu' }
  }
}
