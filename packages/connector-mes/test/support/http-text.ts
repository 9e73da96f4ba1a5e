import type { LoggedRequest } from '@andon/testkit'

/** Differ with the run, and say nothing about the request itself. */
const changing: Readonly<Record<string, string>> = { host: 'mes.example', authorization: 'Bearer …' }

/** A request as it came over the wire: line by line, headers as they were written, and the body to the letter. */
export function httpText({ method, target, rawHeaders, text }: LoggedRequest): string {
  const headers: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    headers.push(`${name}: ${changing[name.toLowerCase()] ?? rawHeaders[index + 1]}`)
  }
  return `${[`${method} ${target} HTTP/1.1`, ...headers, '', text].join('\n')}\n`
}
