/**
 * Where a text stops being JSON: the UTF-16 offset of the first character that no JSON text could have
 * there, or the length of a text that ends too early. Only for texts that JSON.parse has refused (its own message
 * names no position for short texts). One pass, no recursion.
 */
export function jsonErrorPosition(text: string): number {
  const open: string[] = []
  let at = 0
  let expects: Expected = 'value'
  for (;;) {
    at = skip(blank, text, at)
    const char = text.charAt(at)
    const top = open.at(-1)
    const wantsName: boolean = expects.startsWith('name')
    if (expects === 'comma or end') {
      if (top === undefined || (char !== ',' && char !== top)) return at
      at += 1
      if (char === top) open.pop()
      else expects = top === '}' ? 'name' : 'value'
    } else if (expects === 'colon') {
      if (char !== ':') return at
      at += 1
      expects = 'value'
    } else if (char === top && (expects === 'name or }' || expects === 'value or ]')) {
      open.pop()
      at += 1
      expects = 'comma or end'
    } else if (char === '"') {
      const end = stringEnd(text, at + 1)
      if (text.charAt(end) !== '"') return end
      at = end + 1
      expects = wantsName ? 'colon' : 'comma or end'
    } else if (wantsName) {
      return at
    } else if (char === '{' || char === '[') {
      open.push(char === '{' ? '}' : ']')
      at += 1
      expects = char === '{' ? 'name or }' : 'value or ]'
    } else {
      const end = skip(scalar, text, at)
      if (end === at) return at
      at = end
      expects = 'comma or end'
    }
  }
}

type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | 'colon' | 'comma or end'

const blank = /[ \t\n\r]*/y
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

function skip(form: RegExp, text: string, at: number): number {
  form.lastIndex = at
  return form.test(text) ? form.lastIndex : at
}

/** The offset of the closing quote, of the first character that no string may hold, or of the end. */
function stringEnd(text: string, start: number): number {
  let at = start
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === 34 || code < 32) return at
    if (code !== 92) {
      at += 1
      continue
    }
    const end = skip(escaped, text, at)
    if (end === at) return at
    at = end
  }
  return at
}
