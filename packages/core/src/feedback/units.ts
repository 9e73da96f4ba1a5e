/** What a unit's spelling stands for. */
export interface UnitMeaning {
  readonly quantity: string
  /** UCUM, case sensitive. */
  readonly unit: string
}

const table: readonly (readonly [quantity: string, unit: string, spellings: string])[] = [
  [
    'temperature',
    'Cel',
    '°C ° C ℃ degC deg_C degrees_C degrees_Celsius degrees_centigrade Celsius centigrade 摄氏度 度',
  ],
  ['temperature', '[degF]', '°F ° F ℉ degF deg_F degrees_F degrees_Fahrenheit Fahrenheit 华氏度'],
  ['temperature', 'K', 'kelvin'],
  ['speed', 'km/h', 'km/h kph kmh 公里/小时 公里每小时 公里/时 千米/小时 千米每小时'],
  ['speed', '[mi_i]/h', 'mph miles_per_hour miles_an_hour'],
  ['speed', 'm/s', 'm/s 米/秒 米每秒'],
  ['sound level', 'dB', 'dB dBA dB(A) decibels decibel 分贝'],
  ['voltage', 'V', 'V volt volts 伏 伏特'],
  ['voltage', 'mV', 'mV'],
  ['voltage', 'kV', 'kV'],
  ['current', 'A', 'A amp amps ampere amperes 安 安培'],
  ['current', 'mA', 'mA 毫安'],
  ['power', 'W', 'W watt watts 瓦'],
  ['power', 'kW', 'kW kilowatt kilowatts 千瓦'],
  ['energy', 'kW.h', 'kWh 度电 千瓦时'],
  ['charge', 'mA.h', 'mAh 毫安时'],
  ['frequency', 'Hz', 'Hz hertz 赫兹'],
  ['rotational speed', '/min', 'rpm RPM r/min 转/分 转每分钟 转/分钟'],
  ['pressure', 'bar', 'bar 巴'],
  ['pressure', 'kPa', 'kPa 千帕'],
  ['pressure', 'MPa', 'MPa 兆帕'],
  ['pressure', '[psi]', 'psi'],
  ['distance', 'km', 'km kilometers kilometres kilometer kilometre 公里 千米'],
  ['distance', '[mi_i]', 'miles mile 英里'],
  ['length', 'm', 'm meters metres meter metre 米'],
  ['length', 'cm', 'cm 厘米 公分'],
  ['length', 'mm', 'mm 毫米'],
  ['length', '[in_i]', 'inch inches 英寸 寸'],
  ['mass', 'kg', 'kg kilograms kilos 公斤 千克'],
  ['mass', 'g', 'g grams 克'],
  ['volume', 'L', 'L l litres liters litre liter 升'],
  ['volume', 'mL', 'ml mL 毫升'],
  ['time', 's', 's sec secs second seconds 秒 秒钟'],
  ['time', 'min', 'min mins minute minutes 分钟'],
  ['time', 'h', 'h hr hrs hour hours 小时 个小时 钟头 个钟头'],
  ['time', 'd', 'day days 天 日'],
  ['time', 'wk', 'week weeks 周 星期 个星期 礼拜 个礼拜'],
  ['time', 'mo', 'month months 个月 月'],
  ['time', 'a', 'year years 年'],
  ['count', '1', 'times cycles 次 回 个循环'],
  ['share', '%', '% percent ％'],
]

const meanings = new Map<string, UnitMeaning>()
const foldedMeanings = new Map<string, UnitMeaning>()
for (const [quantity, unit, spellings] of table) {
  for (const spelling of spellings.replaceAll('° ', '°_').split(' ')) {
    const text = spelling.replaceAll('_', ' ')
    meanings.set(text, { quantity, unit })
    if (text.length > 1) foldedMeanings.set(text.toLowerCase(), { quantity, unit })
  }
}

/** What a spelling means. One letter is what its case says (`m` is no `M`); longer ones may be in any case. */
export function unitOf(spelling: string): UnitMeaning | undefined {
  const text = spelling.replace(/\s+/g, ' ')
  return meanings.get(text) ?? foldedMeanings.get(text.toLowerCase())
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll(' ', '\\s')
const ascii = /[A-Za-z]$/

/** An alternation of all spellings, longest first; a spelling of letters must end where the word ends (`10V123` and `4S店` are no units). */
export const unitPattern: string = [...meanings.keys()]
  .toSorted((one, other) => other.length - one.length)
  .map((text) => (ascii.test(text) ? `${escaped(text)}(?![A-Za-z\\d]|店)` : escaped(text)))
  .join('|')
