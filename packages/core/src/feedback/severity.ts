import type { Feedback } from './schema.js'

const grave =
  /\b(?:dangerous|unsafe|hazard(?:ous)?|life[- ]threatening|accident|crash(?:ed)?|lost control|brakes? fail\w*)\b|危险|隐患|事故|失控|刹车失灵|急救/i
const broken =
  /\b(?:broken|broke|fail(?:s|ed|ure|ing)?|defect(?:ive|s)?|dead|unusable|spoil(?:ed|t)|stop(?:s|ped)|faulty|crack(?:s|ed)?|does(?:n['’]t| not) (?:work|cool|heat)|not (?:work|cool|heat)ing)\b|坏了|故障|失灵|失效|不制冷|不制热|不通电|不能用|没法用|无法使用|断裂|破裂|开裂|报废/i
const annoying =
  /\b(?:noise|noisy|slow(?:ly)?|scratch(?:ed|es)?|rattl(?:e|es|ing)|vibrat\w{1,5}|intermittent(?:ly)?|flicker\w{0,4}|smell(?:s|y)?|stain(?:s|ed)?|loose|issue|problem|late)\b|异响|噪音|噪声|抖动|卡顿|闪屏|异味|松动|划痕|掉漆|问题|偏慢|太慢|延迟/i
const asking =
  /\b(?:suggest(?:ion)?|would like|could you|feature|question|how (?:do|can|to)|wonder(?:ing)?)\b|建议|咨询|请问|希望|能否|怎么用/i
const pleased =
  /\b(?:great|excellent|love|perfect|happy|thank(?:s| you)|satisfied|works (?:well|fine))\b|很好|满意|不错|喜欢|感谢|好评|完美/i

/** What an unexplained report is worth: neither a detail nor an emergency. */
const unknown = 5

function fromWords(text: string): number | undefined {
  if (grave.test(text)) return 8
  if (broken.test(text)) return 6.5
  if (annoying.test(text)) return 4
  if (asking.test(text)) return 2
  if (pleased.test(text)) return 1
  return undefined
}

/** The worst rating stands for 7, the best for 1: how angry somebody is does not say how dangerous it is. */
function fromSatisfaction(score: NonNullable<Feedback['satisfactionScore']>): number | undefined {
  const { kind, value } = score
  const [low, high] = kind === 'nps' ? [0, 10] : kind === 'csat' && value > 5 ? [0, 100] : [1, 5]
  if (!(value >= low && value <= high)) return undefined
  return 7 - (6 * (value - low)) / (high - low)
}

/**
 * Severity from 0 to 10, to one decimal, from a customer's words (English, Chinese) and rating. Where both
 * speak, the words weigh two thirds. Safety words are not its business: their floor stands above it.
 */
export function severityOf(text: string, satisfaction: Feedback['satisfactionScore']): number {
  const words = fromWords(text)
  const rated = satisfaction === undefined ? undefined : fromSatisfaction(satisfaction)
  if (words === undefined) return round(rated ?? unknown)
  return round(rated === undefined ? words : (2 * words + rated) / 3)
}

const round = (value: number): number => Math.round(value * 10) / 10
