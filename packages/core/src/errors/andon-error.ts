import { fill, type Locale, type Localized } from '../text.js'
import { type ErrorCode, errorCodes } from './codes.js'
import { operationInChinese } from './operations.js'

const brand = Symbol.for('andon.error')

export interface AndonErrorOptions {
  /** Values for the `{name}` placeholders of the code's text. Never put a secret here. */
  readonly details?: Readonly<Record<string, string | number>>
  /** Those of them that Chinese says in other words. */
  readonly chinese?: Readonly<Record<string, string>>
  readonly cause?: unknown
  /** Overrides what the code's table entry says. */
  readonly retryable?: boolean
}

/**
 * The base of every error that Andon throws. Branded with `Symbol.for`, so `isAndonError`
 * holds across copies of the package; `code` is stable, `message` is English, `describe('zh')` Chinese.
 */
export class AndonError extends Error {
  override readonly name: string = 'AndonError'
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly text: Localized
  readonly details: Readonly<Record<string, string | number>>
  readonly [brand] = true

  constructor(code: ErrorCode, options: AndonErrorOptions = {}) {
    const { en, zh } = errorCodes[code].text
    const details = options.details ?? {}
    const text = { en: fill(en, details), zh: fill(zh, { ...inChinese(code, details), ...options.chinese }) }
    super(text.en, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? errorCodes[code].retryable
    this.text = text
    this.details = details
  }

  describe(locale: Locale): string {
    return this.text[locale]
  }
}

/** Operations are part of the sentence, so they are said in its language; problems stay as the system below told them. */
function inChinese(code: ErrorCode, details: AndonError['details']): AndonError['details'] {
  const { operation } = details
  if (code !== 'STORE_FAILED' || typeof operation !== 'string') return details
  return { ...details, operation: operationInChinese(operation) }
}

/** True for an error of any copy of this package, optionally only of one code. */
export function isAndonError(error: unknown, code?: ErrorCode): error is AndonError {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as { [brand]?: unknown })[brand] === true &&
    (code === undefined || (error as AndonError).code === code)
  )
}

/** The shortest honest account of anything thrown. */
export function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
