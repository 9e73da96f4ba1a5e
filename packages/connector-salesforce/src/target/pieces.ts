const byteLength = (text: string): number => Buffer.byteLength(text)

/** How many UTF-16 units of the text fit into so many bytes of UTF-8, without tearing a character. */
function unitsIn(text: string, bytes: number): number {
  let used = 0
  let units = 0
  for (const character of text) {
    used += byteLength(character)
    if (used > bytes) break
    units += character.length
  }
  return units
}

/**
 * The text in pieces of at most `bytes` of UTF-8, broken after a line where one ends in the last half of a piece, and never
 * within a character. Joined they are the text again.
 */
export function piecesOf(text: string, bytes: number): readonly string[] {
  const pieces: string[] = []
  let rest = text
  while (byteLength(rest) > bytes) {
    const most = Math.max(1, unitsIn(rest, bytes))
    const line = rest.lastIndexOf('\n', most - 1) + 1
    const end = line > most / 2 ? line : most
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return rest === '' && pieces.length > 0 ? pieces : [...pieces, rest]
}
