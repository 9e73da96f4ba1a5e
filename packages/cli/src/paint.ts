import { styleText } from 'node:util'
import type { Io, Output } from './io.js'

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'
export type Paint = (text: string, ...styles: Style[]) => string

/** Colours for a terminal; plain text elsewhere and wherever NO_COLOR is set (no-color.org). */
export function paintFor(output: Output, { NO_COLOR, TERM }: Io['env']): Paint {
  const colours = output.isTerminal && (NO_COLOR ?? '') === '' && TERM !== 'dumb'
  if (!colours) return (text) => text
  return (text, ...styles) => styleText(styles, text, { validateStream: false })
}
