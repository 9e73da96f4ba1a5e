/**
 * A pure function of a field name, remembered: a platform's names are few and come with every payload.
 * At most 2,000 short names are kept, so invented names cannot fill the memory.
 */
export function remembered<Answer>(compute: (name: string) => Answer): (name: string) => Answer {
  const answers = new Map<string, { readonly answer: Answer }>()
  return (name) => {
    const known = answers.get(name)
    if (known !== undefined) return known.answer
    const answer = compute(name)
    if (answers.size < 2000 && name.length <= 100) answers.set(name, { answer })
    return answer
  }
}

/** One spelling for `Serial_Number`, `serialNumber` and `serial number`: lower case without separators. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_\-./]+/g, '')
}

export const simpleFacts = [
  'productModel',
  'serialNumber',
  'batchNumber',
  'productLine',
  'productCategory',
  'region',
  'manufacturedAt',
  'plant',
  'line',
  'faultCode',
  'faultLocation',
  'occurredAt',
  'usage.h',
  'usage.km',
  'usage.cycles',
  'usage.months',
] as const
export type SimpleFact = (typeof simpleFacts)[number]
/** Where a labelled value belongs in a draft. */
export type FactTarget = SimpleFact | `componentBatches.${string}`

/** The words under which each fact is written, in forms, device payloads and free text. */
const factWords: Readonly<Record<SimpleFact, readonly string[]>> = {
  productModel: [
    'product model',
    'model number',
    'model no',
    'model',
    '产品型号',
    '机器型号',
    '型号',
    '机型',
  ],
  serialNumber: [
    'product serial number',
    'product serial',
    'serial number',
    'serial no',
    'serial',
    's/n',
    'sn',
    '产品序列号',
    '序列号',
    '机身编号',
    '机身号',
    '机号',
  ],
  batchNumber: [
    'product batch',
    'batch number',
    'batch no',
    'batch',
    'lot number',
    'lot no',
    'lot',
    '产品批次',
    '生产批次',
    '批次号',
    '批次',
    '批号',
  ],
  productLine: ['product line', 'product series', '产品系列', '产品线', '系列'],
  productCategory: ['product category', 'product type', 'category', '产品类别', '产品品类', '品类'],
  region: ['sales region', 'region', 'province', 'region name', '所在地区', '销售区域', '地区', '省份'],
  manufacturedAt: [
    'date of manufacture',
    'manufacture date',
    'manufacturing date',
    'manufactured at',
    'manufactured on',
    'manufactured',
    'production date',
    'made on',
    '生产日期',
    '出厂日期',
    '制造日期',
  ],
  plant: ['production plant', 'plant', 'factory', '生产工厂', '工厂'],
  line: ['production line', 'assembly line', 'line', '生产线', '产线'],
  faultCode: ['fault code', 'error code', 'failure code', '故障代码', '错误代码', '故障码'],
  faultLocation: ['fault location', 'defect location', '故障部位', '故障位置'],
  occurredAt: [
    'occurred at',
    'occurred on',
    'date of occurrence',
    'failure date',
    '发生时间',
    '发生日期',
    '故障日期',
  ],
  'usage.h': ['operating hours', 'usage hours', 'running hours', '运行小时', '使用小时'],
  'usage.km': ['mileage km', 'mileage', 'odometer', '行驶里程', '里程'],
  'usage.cycles': ['cycle count', 'cycles', '循环次数', '使用次数'],
  'usage.months': ['months in service', 'month in service', '使用月数'],
}

/** Components whose batch customers and technicians name, with the spellings of both languages. */
const componentWords: Readonly<Record<string, readonly string[]>> = {
  compressor: ['compressor', '压缩机'],
  mainboard: ['main control board', 'mainboard', 'main board', 'control board', '主控板', '主板', '控制板'],
  display: ['display panel', 'display', 'screen', '显示屏', '显示板'],
  motor: ['motor', '电机', '马达'],
  fan: ['fan', '风扇', '风机'],
  battery: ['battery', '电池'],
  door_seal: ['door seal', 'gasket', '门封条', '门封'],
  heater: ['heater', '加热管', '加热器'],
  sensor: ['sensor', '传感器'],
  pump: ['pump', '水泵'],
  valve: ['valve', '阀门', '电磁阀'],
  thermostat: ['thermostat', '温控器'],
}

interface FactWord {
  readonly word: string
  readonly target: FactTarget
}

function allWords(): readonly FactWord[] {
  const words: FactWord[] = []
  for (const target of simpleFacts) for (const word of factWords[target]) words.push({ word, target })
  for (const [component, spellings] of Object.entries(componentWords)) {
    const target: FactTarget = `componentBatches.${component}`
    for (const spelling of spellings) {
      const suffixes = /^[a-z]/.test(spelling)
        ? [' batch number', ' batch no', ' batch', ' lot']
        : ['批次号', '批次', '批号']
      for (const suffix of suffixes) words.push({ word: spelling + suffix, target })
    }
  }
  return words
}

const targetByName = new Map<string, FactTarget>(
  allWords().map(({ word, target }) => [plainName(word), target]),
)
const componentByName = new Map<string, string>(
  Object.entries(componentWords).flatMap(([component, words]) =>
    words.map((word): [string, string] => [plainName(word), component]),
  ),
)

/** The fact that a label of this spelling announces in free text, if any. */
export function targetOfLabel(label: string): FactTarget | undefined {
  return targetByName.get(plainName(label))
}

/** The fact that a field of this name states, if any. Remembered, as field names repeat with every payload. */
export const factOfName = remembered(targetOfLabel)

/** `主板` and `Main Board` are `mainboard`; a component we have no word for keeps its own name. */
export function componentOf(name: string): string {
  return componentByName.get(plainName(name)) ?? name.trim()
}
