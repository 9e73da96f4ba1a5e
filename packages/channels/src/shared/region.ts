/** Mainland China's provinces and the two special regions by their ISO 3166-2 code. Source: ISO 3166-2:CN. */
const provinces: readonly (readonly [code: string, chinese: string, english: string])[] = [
  ['CN-AH', '安徽', 'anhui'],
  ['CN-BJ', '北京', 'beijing'],
  ['CN-CQ', '重庆', 'chongqing'],
  ['CN-FJ', '福建', 'fujian'],
  ['CN-GS', '甘肃', 'gansu'],
  ['CN-GD', '广东', 'guangdong'],
  ['CN-GX', '广西', 'guangxi'],
  ['CN-GZ', '贵州', 'guizhou'],
  ['CN-HI', '海南', 'hainan'],
  ['CN-HE', '河北', 'hebei'],
  ['CN-HL', '黑龙江', 'heilongjiang'],
  ['CN-HA', '河南', 'henan'],
  ['CN-HK', '香港', 'hong kong'],
  ['CN-HB', '湖北', 'hubei'],
  ['CN-HN', '湖南', 'hunan'],
  ['CN-NM', '内蒙古', 'inner mongolia'],
  ['CN-JS', '江苏', 'jiangsu'],
  ['CN-JX', '江西', 'jiangxi'],
  ['CN-JL', '吉林', 'jilin'],
  ['CN-LN', '辽宁', 'liaoning'],
  ['CN-MO', '澳门', 'macao'],
  ['CN-NX', '宁夏', 'ningxia'],
  ['CN-QH', '青海', 'qinghai'],
  ['CN-SN', '陕西', 'shaanxi'],
  ['CN-SD', '山东', 'shandong'],
  ['CN-SH', '上海', 'shanghai'],
  ['CN-SX', '山西', 'shanxi'],
  ['CN-SC', '四川', 'sichuan'],
  ['CN-TW', '台湾', 'taiwan'],
  ['CN-TJ', '天津', 'tianjin'],
  ['CN-XJ', '新疆', 'xinjiang'],
  ['CN-XZ', '西藏', 'tibet'],
  ['CN-YN', '云南', 'yunnan'],
  ['CN-ZJ', '浙江', 'zhejiang'],
]
const byChinese = new Map(provinces.map(([code, chinese]) => [chinese, code]))
const byEnglish = new Map(provinces.map(([code, , english]) => [english, code]))

/** `广东省`, `广东 深圳` and `Guangdong` are `CN-GD`; a code or a sales region (`华南`) stays what it is. */
export function regionOf(text: string): string {
  const trimmed = text.trim()
  if (/^[A-Za-z]{2}-[A-Za-z0-9]{1,3}$/.test(trimmed)) return trimmed.toUpperCase()
  return (
    byChinese.get(trimmed.slice(0, 3)) ??
    byChinese.get(trimmed.slice(0, 2)) ??
    byEnglish.get(trimmed.toLowerCase()) ??
    trimmed
  )
}
