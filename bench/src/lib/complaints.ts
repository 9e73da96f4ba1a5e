import type { RawPayload } from '@andon/core'
import { random } from './random.ts'

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

/** One complaint's facts, before a channel dresses them. */
interface Complaint {
  readonly id: string
  readonly at: string
  readonly text: string
  readonly severity: string
  readonly line: string
  readonly model: string
  readonly serial: string
  readonly batch: string
  readonly compressor: string
  readonly fault: string
  readonly region: string
  readonly user: string
  readonly language: string
}

/** `survey` is one tool's posts; `mix` is app, shop, alarm and survey in equal parts. */
export type Workload = 'survey' | 'mix'

/**
 * About 1 kB of JSON each, as the channels' platforms post it. `severe` is the share of complaints that a rule
 * escalates at once. The same seed gives the same complaints.
 */
export function complaints(
  seed: number,
  workload: Workload = 'survey',
  severe = 1 / 2000,
): (index: number, now: number) => RawPayload {
  const next = random(seed)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T
  const posts = workload === 'survey' ? [survey] : [app, shop, alarm, survey]
  return (index, now) => {
    const batch = Math.floor(next() * 400)
    const severity = (next() < severe ? 9 + next() : next() * 7).toFixed(1)
    const post = posts[index % posts.length] ?? survey
    return post({
      id: `c-${seed}-${index}`,
      at: new Date(now).toISOString(),
      text: `${pick(sentences)} ${index}`,
      severity,
      line: pick(lines),
      model: pick(models),
      serial: `SN26${index}`,
      batch: `FG-26-${batch}`,
      compressor: `C-26-${batch >> 2}`,
      fault: pick(faults),
      region: pick(regions),
      user: `u${(index * 7919) % 1_000_003}`,
      language: index % 2 ? 'en' : 'zh-CN',
    })
  }
}

function survey(complaint: Complaint): RawPayload {
  const { id, at, text, severity, line, model, serial, batch, compressor, fault, region } = complaint
  const answer = (field: string, value: string): string =>
    `{"field_id":"${field}","field_type":"text","value_text":"${value}"}`
  const answers = [
    answer('description', text),
    answer('product_category', 'appliance'),
    answer('product_line', line),
    answer('product_model', model),
    answer('serial_number', serial),
    answer('batch_number', batch),
    answer('compressor_batch', compressor),
    answer('fault_code', fault),
    answer('region', region),
    `{"field_id":"severity","field_type":"number","value_number":${severity}}`,
  ]
  const body = `{"submission_id":"${id}","user_id":"${complaint.user}","language":"${complaint.language}","collected_at":"${at}","answers":[${answers.join(',')}]}`
  return { body, source: 'survey-eu' }
}

function app(complaint: Complaint): RawPayload {
  const { id, at, text, line, model, serial, batch, compressor, fault, region, user, language } = complaint
  const body = `{"event_id":"${id}","timestamp":"${at}","platform":"javascript","release":"care@5.12.0","environment":"production","level":"info","contexts":{"feedback":{"message":"${text}","url":"app://care/help/report","source":"help-screen"},"product":{"product_category":"appliance","product_line":"${line}","product_model":"${model}","serial_number":"${serial}","batch_number":"${batch}","component_batches":{"compressor":"${compressor}"},"fault_code":"${fault}","region":"${region}"},"os":{"name":"Android","version":"15"},"app":{"app_name":"Care","app_version":"5.12.0","build":"51200"},"device":{"family":"phone","model":"P60"},"culture":{"locale":"${language}","timezone":"Asia/Shanghai"}},"user":{"id":"${user}"},"tags":{"screen":"report","locale":"${language}","wifi":"true"}}`
  return { body, source: 'care-app' }
}

function shop(complaint: Complaint): RawPayload {
  const { id, at, text, severity, line, model, serial, batch, compressor, fault, region, user } = complaint
  const body = `{"form_id":"${id}","shop_code":"SH-0117","clerk":"k-22","receipt_number":"R-${id}","reported_at":"${at}","customer_id":"${user}","language":"${complaint.language}","description":"${text}","severity":${severity},"product":{"product_category":"appliance","product_line":"${line}","product_model":"${model}","serial_number":"${serial}","batch_number":"${batch}","component_batches":{"compressor":"${compressor}"},"fault_code":"${fault}"},"region":"${region}","purchase_date":"2026-05-02","warranty":"standard","counter":"7","queue":"returns","photos":["https://files.example/${id}/1.jpg","https://files.example/${id}/2.jpg"],"wants":"exchange","checked_by_clerk":true,"visible_damage":false,"accessories":"complete","shelf":"B-12"}`
  return { body, source: 'dealer-desk' }
}

function alarm(complaint: Complaint): RawPayload {
  const { id, at, text, severity, line, model, serial, batch, compressor, fault, region } = complaint
  const body = `{"condition_id":"${id}","condition_name":"CabinetTemperatureHigh","event_type":"ExclusiveLevelAlarmType","severity":${Math.round(Number(severity) * 100)},"active":true,"confirmed":false,"acknowledged":false,"source_name":"${model}/${serial}","message":"${text}","time":"${at}","active_time":"${at}","retain":true,"branch":"main","quality":"good","comment":"","attributes":{"product_category":"appliance","product_line":"${line}","batch_number":"${batch}","compressor_batch":"${compressor}","fault_code":"${fault}","region":"${region}","firmware":"3.18.2","setpoint_c":4,"measured_c":8.1,"ambient_c":27.5,"door_openings_24h":31,"compressor_starts_24h":58,"voltage_v":229.7,"mode":"normal","rssi_dbm":-61,"uptime_h":1822}}`
  return { body, source: 'gateway-1' }
}
