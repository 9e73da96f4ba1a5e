import type { Localized } from '@andon/core/connector'
import type { Draw, Some } from '../random.js'

export type Language = 'zh' | 'en'

/** Where an appliance stands. */
export interface Place {
  /** ISO 3166-2 where the channel parsers know it. */
  readonly code: string
  readonly province: string
  readonly city: string
  readonly english: string
  /** The company's own division of the market. */
  readonly salesRegion: string
  readonly language: Language
}

const china = (
  code: string,
  province: string,
  city: string,
  english: string,
  salesRegion: string,
): Place => ({
  ...{ code, province, city, english, salesRegion, language: 'zh' },
})
const abroad = (code: string, english: string, city: string, salesRegion: string): Place => ({
  ...{ code, province: english, city, english, salesRegion, language: 'en' },
})

const places: Some<readonly [Place, number]> = [
  [china('CN-GD', '广东', '深圳', 'Guangdong', '华南'), 12],
  [china('CN-GX', '广西', '南宁', 'Guangxi', '华南'), 5],
  [china('CN-HI', '海南', '海口', 'Hainan', '华南'), 3],
  [china('CN-ZJ', '浙江', '杭州', 'Zhejiang', '华东'), 10],
  [china('CN-JS', '江苏', '南京', 'Jiangsu', '华东'), 10],
  [china('CN-SH', '上海', '浦东', 'Shanghai', '华东'), 6],
  [china('CN-BJ', '北京', '朝阳', 'Beijing', '华北'), 8],
  [china('CN-HE', '河北', '石家庄', 'Hebei', '华北'), 6],
  [china('CN-SC', '四川', '成都', 'Sichuan', '西南'), 8],
  [abroad('GB-ENG', 'England', 'Leeds', '欧洲'), 14],
  [abroad('IE-L', 'Leinster', 'Dublin', '欧洲'), 6],
  [abroad('SG-01', 'Singapore', 'Singapore', '东南亚'), 12],
]

export const drawPlace = (draw: Draw): Place => draw.weighted(places)

/** The company's own map: what a payload gives as a province is a sales region here. */
const salesRegions: ReadonlyMap<string, string> = new Map(
  places.map(([{ code, salesRegion }]): [string, string] => [code, salesRegion]),
)
export const salesRegionOf = (region: string): string => salesRegions.get(region) ?? region

/** Where the weather turns. */
export const hotRegion = '华南'

const names: ReadonlyMap<string, Localized> = new Map([
  ['华南', { en: 'South China', zh: '华南' }],
  ['华东', { en: 'East China', zh: '华东' }],
  ['华北', { en: 'North China', zh: '华北' }],
  ['西南', { en: 'Southwest China', zh: '西南' }],
  ['欧洲', { en: 'Europe', zh: '欧洲' }],
  ['东南亚', { en: 'Southeast Asia', zh: '东南亚' }],
])

/** What people call a sales region. */
export const regionName = (region: string): Localized => names.get(region) ?? { en: region, zh: region }

/** A text in which sales regions are called as people call them. */
export const withRegionNames = (text: string, locale: keyof Localized): string =>
  [...names].reduce((told, [region, name]) => told.replaceAll(region, name[locale]), text)
