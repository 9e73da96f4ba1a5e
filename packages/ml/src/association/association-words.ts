import type { Localized } from '@andon/core/connector'
import type { AttributeKind } from './attributes.js'

export interface NamedAttribute extends AttributeKind {
  readonly value: string
}

/** An attribute as people call it. */
function wordsOf({ group, name, value }: NamedAttribute): Localized {
  switch (group) {
    case 'component':
      return { en: `${name} batch ${value}`, zh: `${name} 批次 ${value}` }
    case 'attribute':
      return { en: `${name} ${value}`, zh: `${name} ${value}` }
    case 'batch':
      return { en: `batch ${value}`, zh: `成品批次 ${value}` }
    case 'line':
      return { en: `line ${value}`, zh: `产线 ${value}` }
    case 'plant':
      return { en: `plant ${value}`, zh: `工厂 ${value}` }
    case 'usage':
      return { en: `a use of ${value}`, zh: `使用量 ${value}` }
  }
}

const allWords = (attributes: readonly NamedAttribute[]): Localized => {
  const words = attributes.map(wordsOf)
  return { en: words.map(({ en }) => en).join(' and '), zh: words.map(({ zh }) => zh).join('与') }
}

export interface AssociationInWords {
  readonly fault: string
  readonly attributes: readonly NamedAttribute[]
  readonly alike: readonly NamedAttribute[]
  readonly aboveAll: readonly NamedAttribute[]
  readonly cases: number
  readonly expected: number
  readonly ratio: number
  readonly lower: number
}

/** What was found, in one sentence. */
export function sentenceOf(found: AssociationInWords): Localized {
  const { fault, cases } = found
  const what = allWords(found.attributes)
  const [ratio, lower, expected] = [found.ratio.toFixed(1), found.lower.toFixed(1), found.expected.toFixed(1)]
  const above = allWords(found.aboveAll)
  const alike = allWords(found.alike)
  const more = {
    en: `${above.en === '' ? '' : `, above all with ${above.en}`}${alike.en === '' ? '' : `; the same cases have ${alike.en}`}`,
    zh: `${above.zh === '' ? '' : `，其中以 ${above.zh} 为主`}${alike.zh === '' ? '' : `；这些案例同时具有 ${alike.zh}`}`,
  }
  return {
    en: `${fault} comes with ${what.en} ${ratio} times as often as by chance, at least ${lower} times (${cases} cases where ${expected} were expected)${more.en}.`,
    zh: `${fault} 与 ${what.zh} 同时出现的次数是偶然情形的 ${ratio} 倍，至少 ${lower} 倍（${cases} 例，预期 ${expected} 例）${more.zh}。`,
  }
}

/** What would make it go away. */
export function remedyOf({ fault, attributes }: AssociationInWords, toClear: number): Localized {
  const what = allWords(attributes)
  return {
    en: `It goes away when ${toClear} more cases with ${what.en} come without ${fault}, or when those found are older than what is kept in mind.`,
    zh: `若再出现 ${toClear} 例 ${what.zh} 而无 ${fault} 的案例，或现有案例超出所保留的范围，此结论将不再成立。`,
  }
}
