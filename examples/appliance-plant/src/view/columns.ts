import stringWidth from 'string-width'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Terminal columns: a Chinese character takes two. */
export const widthOf = (text: string): number => stringWidth(text)

/** Cut to `width` columns with an ellipsis; the text carries no colour yet. */
export function cut(text: string, width: number): string {
  const line = text.replace(/[\r\n\t]+/g, ' ').trim()
  if (widthOf(line) <= width) return line
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(line)) {
    const columns = widthOf(segment)
    if (used + columns > width - 1) break
    kept += segment
    used += columns
  }
  return `${kept}…`
}

/** Filled with spaces up to `width` columns. */
export const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)))

export const padLeft = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - widthOf(text))) + text

/** Left and right on one line. */
export const spread = (left: string, right: string, width: number): string =>
  left + ' '.repeat(Math.max(1, width - widthOf(left) - widthOf(right))) + right
