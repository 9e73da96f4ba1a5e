const plainPart = /^(%?)([^%_\\]*)(%?)$/

/**
 * A LIKE pattern as a test. The usual patterns (`%word%`, `word%`, `%word`) need no regular expression.
 */
export function likeTest(pattern: string, escaping: string, insensitive: boolean): (text: string) => boolean {
  const plain = insensitive || (escaping !== '\\' && escaping !== '') ? null : plainPart.exec(pattern)
  if (plain !== null) {
    const [, before, word = '', after] = plain
    if (before !== '' && after !== '') return (text) => text.includes(word)
    if (before !== '') return (text) => text.endsWith(word)
    if (after !== '') return (text) => text.startsWith(word)
    return (text) => text === word
  }
  const regex = likePattern(pattern, escaping, insensitive)
  return (text) => regex.test(text)
}

/**
 * A LIKE pattern as a regular expression: `%` any text, `_` one code point, `escaping` takes the next
 * character literally. An empty `escaping` switches escaping off. A trailing escape matches nothing, as no text ends it.
 */
function likePattern(pattern: string, escaping: string, insensitive: boolean): RegExp {
  let source = ''
  const symbols = [...pattern]
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i] ?? ''
    if (symbol === escaping && escaping !== '') {
      i++
      const literal = symbols[i]
      source += literal === undefined ? '(?!)' : quote(literal)
    } else if (symbol === '%') source += '.*'
    else if (symbol === '_') source += '.'
    else source += quote(symbol)
  }
  return new RegExp(`^${source}$`, insensitive ? 'sui' : 'su')
}

const quote = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
