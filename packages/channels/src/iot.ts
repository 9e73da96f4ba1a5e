import type { Channel } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import * as z from 'zod'
import { attributesOf } from './shared/attributes.js'
import { addAttributes, openDraft } from './shared/draft.js'
import { addFacts, type ProductFacts } from './shared/facts.js'
import { instantOf } from './shared/instant.js'
import { jsonChannel } from './shared/json-channel.js'
import { checkOptions } from './shared/options.js'
import {
  type JsonRecord,
  listOf,
  missing,
  numberOf,
  recordOf,
  requiredId,
  requiredText,
  textOf,
  wrong,
} from './shared/reader.js'
import { faultCodeIn } from './shared/text-facts.js'

const sourcePart = z.enum([
  'plant',
  'line',
  'productLine',
  'productModel',
  'serialNumber',
  'region',
  'ignore',
])
const optionsSchema = z.strictObject({
  /** What the parts of `source_name`, parted by `/`, mean. */
  sourceName: z.array(sourcePart).min(1).default(['productModel', 'serialNumber']),
})
export type IotOptions = z.input<typeof optionsSchema>
type SourcePart = z.infer<typeof sourcePart>

const taken: ReadonlySet<string> = new Set([
  'condition_id',
  'severity',
  'source_name',
  'message',
  'time',
  'active_time',
  'attributes',
  'name',
])

/**
 * OPC UA alarms (Part 9): `condition_id, condition_name, severity (0–1000), active, confirmed, source_name,
 * message, time, event_type`, one, an array or `{events: […]}`. The id is condition and time; when
 * `active_time` tells since when the alarm stands, all its transitions collapse into one feedback. Severity is
 * scaled to 0–10, and 0 once the alarm is cleared.
 */
export function iotChannel(options?: IotOptions): Channel {
  const { sourceName } = checkOptions(optionsSchema, options, 'iot')
  return jsonChannel({
    name: 'iot',
    unwrap: (json) => {
      const items = listOf(json, 'events')
      return items === undefined ? undefined : { items, path: 'events' }
    },
    recognise: ({ condition_id, condition_name, source_name, severity }) =>
      (condition_id !== undefined || condition_name !== undefined) &&
      (source_name !== undefined || severity !== undefined),
    read: (alarm, path) => [readAlarm(alarm, path, sourceName)],
  })
}

function readAlarm(alarm: JsonRecord, path: string, sourceName: readonly SourcePart[]): FeedbackDraft {
  const condition = requiredId(alarm, 'condition_id', path)
  if (alarm.time === undefined || alarm.time === null) throw missing(`${path}time`)
  const at = instantOf(alarm.time, `${path}time`, 'Z')
  const since = alarm.active_time === undefined ? at : instantOf(alarm.active_time, `${path}active_time`, 'Z')
  const text = textOf(alarm, 'message') ?? requiredText(alarm, 'condition_name', path)
  const facts: ProductFacts = {}
  const read = new Set<string>()
  const attributes = recordOf(alarm, 'attributes')
  const inner = new Set<string>()
  if (attributes !== undefined) addFacts(facts, attributes, inner)
  addFacts(facts, alarm, read)
  addSource(facts, textOf(alarm, 'source_name'), sourceName)
  const code = facts.faultCode ?? faultCodeIn(textOf(alarm, 'condition_name') ?? '') ?? faultCodeIn(condition)
  if (code !== undefined) facts.faultCode = code
  const draft = openDraft({
    sourceMessageId: `${condition}@${new Date(since).toISOString()}`,
    text,
    facts,
    zone: 'Z',
  })
  draft.receivedAt = at
  draft.occurredAt = { at: since, precision: 'second' }
  draft.customerRole = 'device'
  if (alarm.severity !== undefined && alarm.severity !== null) {
    draft.severityScore = severityOf(alarm, path)
  }
  addAttributes(draft, {
    conditionId: condition,
    sourceName: textOf(alarm, 'source_name'),
    ...attributesOf(alarm, taken, read),
    ...(attributes === undefined ? {} : attributesOf(attributes, inner, inner, 1)),
  })
  return draft
}

function severityOf(alarm: JsonRecord, path: string): number {
  const severity = numberOf(alarm, 'severity')
  if (severity === undefined || severity < 0 || severity > 1000) {
    throw wrong(`${path}severity`, alarm.severity, 'is not a number from 0 to 1000', '不是 0 到 1000 的数')
  }
  return alarm.active === false ? 0 : severity / 100
}

/** `BCD-520W/SN2603000117`; with fewer parts than names the last names are meant: a lone part is the serial number. */
function addSource(facts: ProductFacts, source: string | undefined, names: readonly SourcePart[]): void {
  if (source === undefined || source.length > 400) return
  const parts = source.split('/').map((part) => part.trim())
  const offset = names.length - parts.length
  for (const [index, part] of parts.entries()) {
    const name = names[index + offset]
    if (name !== undefined && name !== 'ignore' && part !== '' && part.length <= 200) facts[name] ??= part
  }
}
