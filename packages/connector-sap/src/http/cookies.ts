/** The cookies of one session, by name. The attributes matter little: they go only to the service that set them. */
export type Cookies = ReadonlyMap<string, string>

const isOver = (attributes: readonly string[]): boolean =>
  attributes.some((attribute) => {
    const [key = '', value = ''] = attribute.trim().split('=')
    if (key.toLowerCase() === 'max-age') return Number(value) <= 0
    return key.toLowerCase() === 'expires' && Date.parse(attribute.slice(attribute.indexOf('=') + 1)) <= 0
  })

/** The cookies after an answer that sets these: RFC 6265, without domains, paths and times to come. */
export function withCookies(cookies: Cookies, set: readonly string[]): Cookies {
  if (set.length === 0) return cookies
  const next = new Map(cookies)
  for (const line of set) {
    const [pair = '', ...attributes] = line.split(';')
    const name = pair.slice(0, pair.indexOf('=')).trim()
    const value = pair.slice(pair.indexOf('=') + 1).trim()
    if (!pair.includes('=') || name === '') continue
    if (isOver(attributes)) next.delete(name)
    else next.set(name, value)
  }
  return next
}

/** As the header `cookie` has them; undefined when there are none. */
export const cookieHeader = (cookies: Cookies): string | undefined =>
  cookies.size === 0 ? undefined : [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
