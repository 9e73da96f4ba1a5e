import * as z from 'zod'
import type { Localized } from '../text.js'
import { type ChannelName, channelNames, type FeedbackFieldName, feedbackSchema } from './schema.js'

export type FieldType = 'string' | 'number' | 'boolean' | 'instant' | 'date' | 'object' | 'array' | 'record'

/** A member of an object field, or of the objects in an array field. */
export interface FieldMember {
  readonly name: string
  /** The rule language's spelling: `electric_shock`. */
  readonly column: string
  readonly type: FieldType
  readonly required: boolean
  /** The only values there are. */
  readonly values?: readonly string[]
}

/** One of the 28 fields as people and the rule language see it. */
export interface FeedbackField {
  readonly name: FeedbackFieldName
  /** The rule language's spelling: `severity_score`. Members stand behind a dot: `safety_flags.fire`. */
  readonly column: string
  readonly type: FieldType
  /** Required of every feedback (after defaults were filled in). */
  readonly required: boolean
  /** The standard or system whose field it follows. */
  readonly after?: string
  readonly title: Localized
  readonly description: Localized
  /** For `object` and `array`: what is inside. */
  readonly members?: readonly FieldMember[]
  /** For `object`: the member that is meant when the column stands alone, as in `fault_code = 'E-1'`. */
  readonly scalar?: string
  /** For `record`: the type behind any free key, as in `component_batches.compressor`. */
  readonly value?: FieldType
  /** The only values there are. */
  readonly values?: readonly string[]
}

type Rest = Omit<FeedbackField, 'name' | 'column' | 'type' | 'required' | 'title' | 'description'>

const columnOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

function field(
  name: FeedbackFieldName,
  type: FieldType,
  required: boolean,
  [en, zh]: readonly [string, string],
  [aboutEn, aboutZh]: readonly [string, string],
  rest: Rest = {},
): FeedbackField {
  const title = { en, zh }
  const description = { en: aboutEn, zh: aboutZh }
  return { name, column: columnOf(name), type, required, title, description, ...rest }
}

const member = (name: string, type: FieldType, required = true, values?: readonly string[]): FieldMember => ({
  name,
  column: columnOf(name),
  type,
  required,
  ...(values === undefined ? {} : { values }),
})

const channels: readonly ChannelName[] = channelNames

/** The 28 core fields in the order of the schema, for rule checkers, forms and documentation. */
export const feedbackFields: readonly FeedbackField[] = [
  field(
    'feedbackId',
    'string',
    true,
    ['Feedback id', '反馈编号'],
    [
      'UUIDv7, a function of tenant, channel and source message id.',
      'UUIDv7，由租户、渠道和来源消息编号得出。',
    ],
    { after: 'ISO 10002' },
  ),
  field(
    'channel',
    'string',
    true,
    ['Channel', '渠道'],
    ['How the customer said it.', '客户通过什么方式反馈。'],
    { after: 'FDA MAUDE report source', values: channels },
  ),
  field(
    'source',
    'string',
    true,
    ['Source', '来源'],
    [
      'The connector instance that brought it, e.g. salesforce-eu.',
      '带来该反馈的连接器实例，例如 salesforce-eu。',
    ],
  ),
  field(
    'sourceMessageId',
    'string',
    true,
    ['Source message id', '来源消息编号'],
    ["The platform's own id.", '平台自己的编号。'],
  ),
  field(
    'receivedAt',
    'instant',
    true,
    ['Received at', '接收时间'],
    ['When the company received it, in UTC.', '企业收到反馈的时间（UTC）。'],
    { after: '21 CFR 820.35' },
  ),
  field(
    'occurredAt',
    'object',
    false,
    ['Occurred at', '发生时间'],
    ['When it happened, and how precisely that is known.', '问题发生的时间及其精度。'],
    {
      after: 'FDA MAUDE date_of_event',
      members: [member('at', 'instant'), member('precision', 'string', true, ['second', 'day', 'month'])],
      scalar: 'at',
    },
  ),
  field(
    'lastOccurrenceTime',
    'instant',
    true,
    ['Last occurrence', '最近发生时间'],
    [
      'When it last happened; occurredAt, else receivedAt, if nobody said.',
      '最近一次发生的时间；未说明时取发生时间，再取接收时间。',
    ],
  ),
  field(
    'language',
    'string',
    true,
    ['Language', '语言'],
    ['BCP 47 tag of the symptom text.', '问题描述的 BCP 47 语言标签。'],
  ),
  field(
    'customerRef',
    'string',
    false,
    ['Customer reference', '客户代号'],
    [
      'A pseudonym; name, telephone and address are never in the record.',
      '假名代号；记录中不含姓名、电话和地址。',
    ],
    { after: '21 CFR 820.35' },
  ),
  field(
    'customerRole',
    'string',
    true,
    ['Customer role', '客户角色'],
    ['Who is speaking.', '反馈人的角色。'],
    {
      after: 'FDA MAUDE',
      values: ['consumer', 'dealer', 'technician', 'business', 'internal', 'device'],
    },
  ),
  field(
    'region',
    'string',
    false,
    ['Region', '区域'],
    ["ISO 3166-2 such as CN-GD, or the company's sales region.", 'ISO 3166-2（如 CN-GD）或企业销售大区。'],
  ),
  field(
    'productCategory',
    'string',
    false,
    ['Product category', '产品类别'],
    ['What kind of product, e.g. refrigerator.', '产品种类，例如冰箱。'],
  ),
  field(
    'productLine',
    'string',
    false,
    ['Product line', '产品系列'],
    ['The series, e.g. 高端系列.', '产品系列，例如高端系列。'],
  ),
  field(
    'productModel',
    'string',
    false,
    ['Product model', '产品型号'],
    ['The material or model number.', '物料号或型号。'],
    { after: 'SAP QMEL MATNR' },
  ),
  field('serialNumber', 'string', false, ['Serial number', '序列号'], ['The one unit.', '具体到一台产品。'], {
    after: 'Catena-X Report8D',
  }),
  field(
    'batchNumber',
    'string',
    false,
    ['Batch number', '成品批次'],
    ['The finished-goods lot.', '成品的生产批次。'],
    { after: 'Catena-X Report8D' },
  ),
  field(
    'componentBatches',
    'record',
    false,
    ['Component batches', '部件批次'],
    ['Component name to batch number.', '部件名称对应的批次号。'],
    { after: 'Catena-X Report8D', value: 'string' },
  ),
  field(
    'manufacturedAt',
    'date',
    false,
    ['Manufactured at', '生产日期'],
    ['The day it was made.', '产品的生产日期。'],
    { after: 'FDA MAUDE' },
  ),
  field(
    'productionSite',
    'object',
    false,
    ['Production site', '生产地点'],
    ['Plant and line.', '工厂与产线。'],
    {
      after: 'ISA-95',
      members: [member('plant', 'string'), member('line', 'string', false)],
      scalar: 'plant',
    },
  ),
  field(
    'usageAtFailure',
    'object',
    false,
    ['Usage at failure', '故障时使用量'],
    [
      'How much it had been used: hours, kilometres, cycles or months.',
      '故障时的使用量：小时、公里、次或月。',
    ],
    {
      after: 'Catena-X ClaimData',
      members: [member('value', 'number'), member('unit', 'string', true, ['h', 'km', 'cycles', 'months'])],
      scalar: 'value',
    },
  ),
  field(
    'symptomText',
    'string',
    true,
    ['Symptom', '问题描述'],
    ["The customer's own words, verbatim.", '客户原话，一字不改。'],
    { after: 'Report8D D2' },
  ),
  field(
    'conditions',
    'array',
    false,
    ['Conditions', '发生条件'],
    [
      'Under which circumstances it happens, read from the words; units are UCUM.',
      '从描述中提取的发生条件；单位采用 UCUM。',
    ],
    {
      members: [
        member('quantity', 'string'),
        member('min', 'number', false),
        member('max', 'number', false),
        member('unit', 'string', false),
        member('text', 'string'),
      ],
    },
  ),
  field(
    'faultCode',
    'object',
    false,
    ['Fault code', '故障代码'],
    ['What is wrong, as a code of a catalog.', '故障现象在目录中的代码。'],
    {
      after: 'SAP catalog 9, IMDRF annex A',
      members: [member('catalog', 'string'), member('code', 'string'), member('confidence', 'number', false)],
      scalar: 'code',
    },
  ),
  field(
    'faultLocation',
    'object',
    false,
    ['Fault location', '故障部位'],
    ['Where it is wrong, as a code of a catalog.', '故障部位在目录中的代码。'],
    {
      after: 'SAP catalog E',
      members: [member('catalog', 'string'), member('code', 'string')],
      scalar: 'code',
    },
  ),
  field(
    'severityScore',
    'number',
    true,
    ['Severity', '严重度'],
    [
      '0 (none) to 10 (danger to life); safety words make it at least 9.5.',
      '0（无）到 10（危及生命）；出现安全词时不低于 9.5。',
    ],
  ),
  field(
    'safetyFlags',
    'object',
    true,
    ['Safety flags', '安全标志'],
    [
      'Dangers read from the words or given by the channel; reportable is fire, injury or electric shock.',
      '从描述或渠道得出的危险；起火、伤害或触电须上报。',
    ],
    {
      after: 'NHTSA, FDA MAUDE',
      members: ['fire', 'injury', 'electricShock', 'leak', 'breakdown', 'reportable'].map((name) =>
        member(name, 'boolean'),
      ),
    },
  ),
  field(
    'evidence',
    'array',
    false,
    ['Evidence', '证据'],
    ['Attachments, and the text recognised in them.', '附件及其识别出的文字。'],
    {
      after: 'Catena-X Report8D',
      members: [
        member('uri', 'string'),
        member('mime', 'string'),
        member('sha256', 'string', false),
        member('derivedText', 'string', false),
        member('engine', 'string', false),
        member('confidence', 'number', false),
      ],
    },
  ),
  field(
    'satisfactionScore',
    'object',
    false,
    ['Satisfaction', '满意度'],
    ['The rating, and on which scale.', '评分及其量表。'],
    {
      members: [member('kind', 'string', true, ['nps', 'csat', 'stars']), member('value', 'number')],
      scalar: 'value',
    },
  ),
]

/** The 28 fields as JSON Schema 2020-12, with English titles and descriptions. A new object on each call. */
export function feedbackJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(feedbackSchema, { target: 'draft-2020-12' })
  const properties = schema.properties ?? {}
  for (const { name, title, description } of feedbackFields) {
    const property = properties[name]
    if (typeof property === 'object')
      Object.assign(property, { title: title.en, description: description.en })
  }
  return { ...schema, title: 'Feedback' }
}
