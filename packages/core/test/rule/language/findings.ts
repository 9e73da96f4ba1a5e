import { type CheckOptions, checkRules } from '@andon/core/rule'

/** Code and the marked text of every diagnostic. */
export function findings(text: string, options?: CheckOptions): readonly string[] {
  return checkRules(text, options).diagnostics.map(
    ({ code, severity, span }) =>
      `${severity === 'warning' ? 'warning ' : ''}${code}: ${text.slice(span.start, span.end)}`,
  )
}

/** What was probably meant, by diagnostic. */
export const suggestions = (text: string): readonly (string | undefined)[] =>
  checkRules(text).diagnostics.map(({ suggestion }) => suggestion)

/** Message and Chinese message of the first diagnostic. */
export function firstMessage(text: string): readonly [string | undefined, string | undefined] {
  const message = checkRules(text).diagnostics[0]?.message
  return [message?.en, message?.zh]
}
