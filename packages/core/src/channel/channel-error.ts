import type { Localized } from '../text.js'

const brand = Symbol.for('andon.channel-error')

/** What a channel parser throws when a payload is of its channel but cannot become a feedback. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError'
  readonly [brand] = true

  /**
   * @param field the payload's own field name, e.g. `comments[0].created_at`
   * @param value what stood there, kept short in the quarantine record
   * @param reason in both languages
   */
  constructor(
    readonly field: string,
    readonly value: unknown,
    readonly reason: Localized,
  ) {
    super(`${field}: ${reason.en}`)
  }
}

export function isChannelError(error: unknown): error is ChannelError {
  return typeof error === 'object' && error !== null && (error as { [brand]?: unknown })[brand] === true
}
