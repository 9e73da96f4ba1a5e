import type { JsonValue, Localized } from '@andon/core/connector'

/** What an answer has to be: `nothing` takes any, for what is asked only for its headers. */
export type MediaKind = 'json' | 'multipart' | 'nothing'

interface Raw {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Their meaning is the status: SAP and what stands before it say them in plain text or HTML, too. */
const plainlySaid: ReadonlySet<number> = new Set([401, 409, 412, 423, 428])

const isJson = (type: string): boolean => /^application\/([\w.+-]+\+)?json\b/i.test(type)

/** Why the answer is not one of the service, or undefined when it is. @param json what {@link jsonOf} makes of it */
export function mediaProblem(
  raw: Raw,
  json: JsonValue | undefined,
  expects: MediaKind,
): Localized | undefined {
  const { status, headers, text } = raw
  const type = headers['content-type'] ?? ''
  if (expects === 'nothing' || plainlySaid.has(status)) return undefined
  if (status === 403 && headers['x-csrf-token']?.toLowerCase() === 'required') return undefined
  if (status >= 300 && status < 400) {
    return {
      en: `HTTP ${status}: it sends us elsewhere, to a sign-on page perhaps`,
      zh: `HTTP ${status}：被重定向，可能是登录页面`,
    }
  }
  if (text === '' && (status === 204 || status >= 400)) return undefined
  if (expects === 'multipart' && status < 400) {
    return /^multipart\/mixed\b/i.test(type) ? undefined : notWhatWasAsked(status, type)
  }
  if (!isJson(type)) return notWhatWasAsked(status, type)
  return json === undefined
    ? { en: `HTTP ${status}: the answer is not whole JSON`, zh: `HTTP ${status}：应答不是完整的 JSON` }
    : undefined
}

const notWhatWasAsked = (status: number, type: string): Localized => {
  const kind = /^[\w.+-]+\/[\w.+-]+/.exec(type)?.[0] ?? 'no content type'
  return {
    en: `HTTP ${status} with ${kind}: the answer is not one of the service. Is the address right, the service active, and nothing in between?`,
    zh: `HTTP ${status}，类型 ${kind}：应答并非来自该服务。请检查地址、服务是否已激活，以及中间是否有代理`,
  }
}

/** The answer's JSON, or undefined when it has none. */
export const jsonOf = ({ headers, text }: Raw): JsonValue | undefined =>
  isJson(headers['content-type'] ?? '') ? parsed(text) : undefined

function parsed(text: string): JsonValue | undefined {
  if (text === '') return undefined
  try {
    // What JSON.parse gives has nothing but JSON in it.
    const value: JsonValue = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
