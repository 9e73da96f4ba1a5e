/**
 * A LIKE pattern as a regular expression: `%` any text, `_` one code point, `escaping` takes the next
 * character literally. An empty `escaping` switches escaping off. A trailing escape matches nothing, as no text ends it.
 */
export function likePattern(pattern: string, escaping: string, insensitive: boolean): RegExp {
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
