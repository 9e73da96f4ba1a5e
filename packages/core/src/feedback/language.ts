/** How much of a text is looked at. */
const sample = 2000

const scripts: readonly (readonly [from: number, to: number, language: string])[] = [
  [0x0370, 0x03ff, 'el'],
  [0x0400, 0x052f, 'ru'],
  [0x0590, 0x05ff, 'he'],
  [0x0600, 0x06ff, 'ar'],
  [0x0900, 0x097f, 'hi'],
  [0x0e00, 0x0e7f, 'th'],
  [0x1100, 0x11ff, 'ko'],
  [0x3040, 0x30ff, 'ja'],
  [0x3400, 0x4dbf, 'zh-CN'],
  [0x4e00, 0x9fff, 'zh-CN'],
  [0xac00, 0xd7af, 'ko'],
  [0xf900, 0xfaff, 'zh-CN'],
]

function scriptOf(code: number): string | undefined {
  for (const [from, to, language] of scripts) if (code >= from && code <= to) return language
  return undefined
}

/**
 * A BCP 47 guess from the script alone: Han `zh-CN`, kana `ja`, Hangul `ko`, Cyrillic `ru` and so on;
 * Latin letters `en`; `und` when there is no letter. It is for texts whose channel says nothing better.
 */
export function languageOf(text: string): string {
  const end = Math.min(text.length, sample)
  const counts = new Map<string, number>()
  let latin = 0
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x370) {
      const folded = code | 32
      if ((folded >= 97 && folded <= 122) || (code >= 0xc0 && code !== 0xd7 && code !== 0xf7)) latin += 1
      continue
    }
    const language = scriptOf(code)
    if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1)
  }
  const kana = counts.get('ja') ?? 0
  const han = counts.get('zh-CN') ?? 0
  // Japanese mixes kana with Han; one decorative の does not make Chinese Japanese.
  if (kana > 0 && kana * 8 >= han) return 'ja'
  let best = 'und'
  let most = 0
  for (const [language, count] of counts) {
    if (count > most) {
      best = language
      most = count
    }
  }
  // Model names and units are Latin everywhere; a letter of another script weighs as much as four of them.
  return most * 4 >= latin && most > 0 ? best : latin > 0 ? 'en' : 'und'
}

const tagForm = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*$/

/** A channel's language tag in its BCP 47 spelling (`zh_CN.UTF-8` is `zh-CN`), or undefined when it is none. */
export function languageTagOf(tag: string): string | undefined {
  if (tag.length > 35) return undefined
  if (tagForm.test(tag)) return tag
  const text = tag.trim().replace(/\..*$/, '').replaceAll('_', '-')
  return tagForm.test(text) ? text : undefined
}
