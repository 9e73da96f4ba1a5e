import type { Signal } from '../../signal/signal.js'

/** JSON of parts that never change, and that are written again with every change of what they are in. */
const texts = new WeakMap<object, string>()

/** The JSON of a frozen part; made once. */
function partText(part: object): string {
  const known = texts.get(part)
  if (known !== undefined) return known
  const text = JSON.stringify(part)
  texts.set(part, text)
  return text
}

/** The JSON of a frozen signal. Most of it are its quotes and its trials, and most of them were written before. */
export function signalText({ quotes, verification, ...rest }: Signal): string {
  const said = `"quotes":${listText(quotes)}`
  if (verification === undefined) return joined(rest, said)
  const { trials, ...tested } = verification
  return joined(rest, `${said},"verification":${joined(tested, `"trials":${listText(trials)}`)}`)
}

const listText = (parts: readonly object[]): string => `[${parts.map(partText).join(',')}]`

/** The JSON of an object that has some members, with more of them. */
const joined = (object: object, members: string): string =>
  `${JSON.stringify(object).slice(0, -1)},${members}}`
