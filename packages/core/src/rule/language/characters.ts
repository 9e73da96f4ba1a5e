/** What an ASCII character can begin or go on with, by its code; most of a rule text is made of these. */
type AsciiClass = 'space' | 'letter' | 'digit' | 'other'
export const asciiClasses: readonly AsciiClass[] = Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (/\s/.test(character)) return 'space'
  if (/[A-Za-z_]/.test(character)) return 'letter'
  return /[0-9]/.test(character) ? 'digit' : 'other'
})

/** All that is neither a word, a number nor a string. */
export const symbols: ReadonlySet<string> = new Set(
  '<> != <= >= || == && = < > + - * / % ( ) [ ] , . ;'.split(' '),
)
/** What a word goes on with, as far as it is ASCII. */
export const isWordPart = (kind: AsciiClass | undefined): boolean => kind === 'letter' || kind === 'digit'
