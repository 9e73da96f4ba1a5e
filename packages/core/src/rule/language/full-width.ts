const others: ReadonlyMap<string, string> = new Map([
  ['。', '.'],
  ['、', ','],
  ['≥', '>='],
  ['≤', '<='],
  ['≠', '<>'],
  ['×', '*'],
  ['÷', '/'],
  ['−', '-'],
])

/** The ASCII spelling of a symbol as a Chinese input method types it, such as `，` or `＞`; undefined for the rest. */
export function foldWidth(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0
  // U+FF01 to U+FF5E repeat the ASCII table in full width.
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCodePoint(code - 0xfee0)
  return others.get(character)
}
