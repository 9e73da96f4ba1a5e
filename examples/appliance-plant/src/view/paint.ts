import { styleText } from 'node:util'

type Styles = Parameters<typeof styleText>[0]
/** Colours a text, or leaves it as it is where colour would be noise. */
export type Paint = (style: Styles, text: string) => string

export const plain: Paint = (_style, text) => text
const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false })

/** Colour for a terminal that has it: see https://no-color.org */
export const paintFor = (isTerminal: boolean, environment: NodeJS.ProcessEnv): Paint =>
  isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb' ? coloured : plain
