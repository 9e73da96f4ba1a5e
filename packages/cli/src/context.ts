import type { Locale, Localized } from '@andon/core'
import type { Io } from './io.js'
import { type Paint, paintFor } from './paint.js'

/** What every command is given. */
export interface CommandContext {
  readonly io: Io
  readonly locale: Locale
  readonly json: boolean
  readonly paint: Paint
  /** One line, or one JSON value, of results. */
  print(text: string): void
  /** One line for the person beside the results. */
  tell(text: Localized): void
}

export function commandContext(io: Io, locale: Locale, json: boolean): CommandContext {
  return {
    io,
    locale,
    json,
    paint: paintFor(io.out, io.env),
    print: (text) => io.out.write(`${text}\n`),
    tell: (text) => io.err.write(`${text[locale]}\n`),
  }
}
