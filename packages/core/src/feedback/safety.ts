import { isNegated } from './negation.js'
import type { SafetyFlags } from './schema.js'

/** What the safety words of a text say. */
export interface SafetyReading {
  readonly flags: SafetyFlags
  /** The least severity (0 to 10) the words allow: 9.5 for fire, injury and electric shock. */
  readonly floor: number
}

// One alternation per kind; injuries stand before fire, since "burned my hand" is no fire. A word that has a harmless sense is listed with what makes it dangerous
// ("shock absorber", "打不着火", "burned-out bulb" are no safety words).
const fire = [
  String.raw`\b(?:fires?\b(?!\s*-?(?:wall|house|station|truck|hydrant|extinguisher|alarm|tv|stick|tablet|up\b|place|proof|department))`,
  String.raw`flames?|smok(?:e|es|ed|ing|y)\b(?!\s*-?(?:detector|alarm|sensor|free|house|test))`,
  String.raw`burn(?:t|ed|ing)\b(?!\s*-?(?:out|in|oil|fuel)\b)|charred|scorch(?:ed|ing)|smou?lder(?:ed|ing|s)?`,
  String.raw`ignit(?:ed|es)\b|explo(?:de|des|ded|ding|sions?)\b|swollen\b|melt(?:ed|ing)\b|sparks?\b(?!\s*plug)|sparking`,
  String.raw`(?:bulg|bloat|swell)(?:ed|ing)\b[^.!?\n]{0,30}\b(?:battery|cells?|pack)`,
  String.raw`(?:battery|cells?|pack)\b[^.!?\n]{0,30}\b(?:bulg|bloat|swell)(?:ed|ing|s)\b)`,
  '起火|(?<![打点不])着火(?!点)|失火|火灾|自燃|燃烧(?!室|不|器|效|值)|冒烟|冒火|明火|火花(?!塞)|烧焦|焦糊|糊味|烧毁|烧坏|爆炸',
  '(?<!(?:漆|皮|座椅|内饰|台|门板|膜).{0,6})鼓包|电池.{0,6}(?:膨胀|鼓起|胀气)',
].join('|')
const injury = [
  String.raw`\b(?:injur(?:y|ies|ed|ing)\b|(?:was|were|got|been|is|are)\s(?:\w{1,12}\s)?hurt\b`,
  String.raw`hurt\s(?:my|his|her|our|their|me|him|myself|himself|herself|someone|a\schild|the\schild)\b`,
  String.raw`scald(?:ed|ing|s)?\b|burn(?:t|ed|s|ing)?\s(?:on\s)?(?:my|his|her|our|their)\s(?:\w{1,12}\s)?(?:hands?|fingers?|arms?|face|legs?|skin|foot|feet)\b`,
  String.raw`cut\s(?:my|his|her)\s(?:hand|finger|arm|face|leg|foot)|bleeding|hospitali[sz]ed|emergency\sroom`,
  String.raw`concussion|whiplash|fatal(?:ity|ities)\b|deaths?\b|passed\saway|electrocuted)`,
  '受伤|烫伤|灼伤|烧伤|割伤|砸伤|夹伤|炸伤|轧伤|(?:手|脸|皮肤|孩子|手指)[^。，,.]{0,4}划伤|骨折|流血|住院|伤亡|伤人|伤害到|死亡|身亡|送医',
].join('|')
const electricShock = [
  String.raw`\b(?:electric(?:al)?\sshocks?\b|electrocut(?:ed|es|ion)|(?:gave|gives|giving)\s(?:me|him|her|us)\s(?:a|an)\s(?:\w{1,12}\s)?shock\b(?!\sabsorb)`,
  String.raw`(?:got|get|was|been|being|getting)\s(?:an?\s)?(?:\w{1,12}\s)?shock(?:ed)?\s(?:by|from|when|while|touching)\b(?!\sabsorb)|zapped`,
  String.raw`(?:current|voltage|electricity)\sleak(?:s|age|ing)?|leak(?:s|ing|age)\s(?:current|electricity|voltage))`,
  '漏电|触电|电击|被电(?:到|了|伤|麻)|电到(?:手|人|我|孩子)|电麻|麻手|外壳带电',
].join('|')
const leak = [
  String.raw`\b(?<!(?:memory|data|light)\s)leak(?:s|ed|ing|age|ages|y)?\b`,
  '漏水|漏气|漏油|漏液|漏氟|漏雨|漏燃气|漏煤气|(?<!信息|隐私|数据)泄[漏露]|渗漏|渗水|渗油|滴水',
].join('|')
const breakdown = [
  String.raw`\b(?:br(?:eak|eaks|oke|oken|eaking)\sdown\b|breakdowns?\b|stall(?:s|ed|ing)\b|(?:engine|motor|car|battery|vehicle|unit)\s(?:just\s|suddenly\s)?(?:died|dead|is\sdead|quit)\b`,
  String.raw`(?:won['’]?t|will\snot|would\snot|wouldn['’]?t|does\snot|doesn['’]?t|did\snot|didn['’]?t|can(?:no|['’])t|can\snot)\s(?:\w{1,12}\s)?(?:start|power\son|turn\son|switch\son)\b`,
  String.raw`stop(?:s|ped)\sworking|(?:not|never)\sworking|lost\s(?:all\s)?power|loss\sof\s(?:all\s)?power|los(?:es|ing)\spower|completely\sdead)`,
  '抛锚|趴窝|无法启动|不能启动|启动不了|启动不起来|[打点]不着火|熄火|失速|死机|黑屏|不工作|停止工作|开不了机|无法开机|不开机|失去动力|动力中断|无法行驶',
].join('|')

/** First, because a tyre that bulges is no battery that swells; it can burst, but the schema has no flag for it. */
const tyreBulge = '胎.{0,6}鼓包|鼓包.{0,4}胎'

const words = new RegExp(
  `(${tyreBulge})|(${injury})|(${fire})|(${electricShock})|(${leak})|(${breakdown})`,
  'gi',
)

/** Gas can explode: as grave as it is without a flag of its own. */
const gasLeak =
  /\b(?:gas|propane|lpg)\s(?:is\s|was\s)?leak|leak(?:s|ing|ed)?\s(?:of\s)?gas\b|燃气.{0,4}泄?漏|煤气.{0,4}泄?漏|漏燃气|漏煤气/i

const nothing: SafetyFlags = {
  fire: false,
  injury: false,
  electricShock: false,
  leak: false,
  breakdown: false,
  reportable: false,
}

/** How much of a text is read for safety words: as much as a symptom may be long. */
const maxLength = 20_000

/**
 * Reads safety words, Chinese and English, from what a customer said. "No smoke" and "未起火" are not fire;
 * where it is in doubt whether a word is denied, it counts.
 */
export function readSafety(text: string): SafetyReading {
  const found = { ...nothing }
  let floor = 0
  const looked = text.length > maxLength ? text.slice(0, maxLength) : text
  words.lastIndex = 0
  for (let match = words.exec(looked); match !== null; match = words.exec(looked)) {
    const end = match.index + match[0].length
    if (isNegated(looked, match.index, end)) continue
    if (match[1] !== undefined) floor = 9
    if (match[2] !== undefined) found.injury = true
    if (match[3] !== undefined) found.fire = true
    // Who was electrocuted is hurt, and by electricity.
    if (match[4] !== undefined || /^electrocuted/i.test(match[0])) found.electricShock = true
    if (match[5] !== undefined) found.leak = true
    if (match[6] !== undefined) found.breakdown = true
  }
  found.reportable = found.fire || found.injury || found.electricShock
  if (found.reportable) floor = found.injury && (found.fire || found.electricShock) ? 10 : 9.5
  else if (found.leak && gasLeak.test(looked)) floor = 9
  return { flags: found, floor }
}
