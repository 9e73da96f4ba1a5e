/** How far before a word its negation may stand, in UTF-16 units. */
const reach = 48

const englishNegator = new RegExp(
  String.raw`(?:^|[^\w])(?:no|not|never|without|none|neither|nor|nobody|no\sone|free\sof|0|zero|non|\w{2,6}n['’]t)` +
    // At most three words between, and none that begins another thought: what was "not noticed" did happen.
    String.raw`(?:[\s-]+(?!(?:but|and|because|why|when|how|if|until|till|since|yet|only|just|sure|then|before|after|while|warning|it|i|he|she|they|we|which|that|what|who|where|notice|noticed|know|knew|realise|realize|stop|prevent|put|extinguish|expect|expected|believe|doubt|long|enough)\b)[\w'’]{1,16}){0,3}[\s-]+$`,
  'i',
)
const englishDenial =
  /^\s{0,2}(?:[:=]\s{0,2}(?:no|none|nil|0|false|n\/a)\b|(?:was|were|is|are|did|has|have|had)\s?(?:not|n['’]t)\b|(?:wasn|weren|isn|aren|didn|hasn)['’]t\b)/i

const chineseNegator = new RegExp(
  '(?:没有?(?!想|料|多久|几|开|用|过多久|等)|未(?!知|来|料|能)|无(?!故|端|缘|论|法|意|数|语)|不会|不再|不是|不存在|并非|从不|绝不)' +
    '(?:(?!就|却|突|直接|便|后|还|但|而|才|会|因|为什么|怎么|知|料|预|征|想|反应|及时|竟|又|处理|解决|修)[^\\s。，、；！？,.;!?]){0,6}$',
)
const chineseNot = /不$/
const chineseDenial = /^\s{0,2}(?:[:：=]\s{0,2}(?:无|否|没有)|(?:没有|未)(?:发生|出现))/

/**
 * Whether the word at [start, end) is denied by its own clause: "no smoke", "without any fire", "未起火",
 * "没有人受伤", "injuries: none". Denial must be plain; "没想到起火了" and "could not stop the fire" are none.
 */
export function isNegated(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - reach), start)
  const clause = before.slice(lastBreak(before) + 1)
  const after = text.slice(end, end + 16)
  if (text.charCodeAt(start) >= 0x2e80)
    return chineseNot.test(clause) || chineseNegator.test(clause) || chineseDenial.test(after)
  return englishNegator.test(clause) || chineseNegator.test(clause) || englishDenial.test(after)
}

/** Where the last clause break stands, or -1. A comma breaks too: after "no power, smoke" there was smoke. */
function lastBreak(text: string): number {
  for (let at = text.length - 1; at >= 0; at -= 1) {
    if ('.,;:!?\n。，；：！？'.includes(text.charAt(at))) return at
  }
  return -1
}
