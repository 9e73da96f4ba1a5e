import type { LoggedRequest } from '@andon/testkit'

/** What differs from run to run, or is nobody's business. */
const masked: Readonly<Record<string, (value: string) => string>> = {
  authorization: (value) => `${value.split(' ')[0]} …`,
  cookie: (value) => value.replaceAll(/=[^;]*/g, '=…'),
  host: () => 'sap.example',
  'x-csrf-token': (value) => (value === 'Fetch' ? value : '…'),
}

/** Requests as they went over the wire, secrets and the host apart. */
export function asHttp(requests: readonly LoggedRequest[]): string {
  return requests
    .map(({ method, target, rawHeaders, text }) => {
      const headers: string[] = []
      for (let index = 0; index < rawHeaders.length; index += 2) {
        const name = rawHeaders[index] ?? ''
        const value = rawHeaders[index + 1] ?? ''
        headers.push(`${name}: ${masked[name.toLowerCase()]?.(value) ?? value}`)
      }
      return `${method} ${target} HTTP/1.1\n${headers.join('\n')}\n\n${text.replaceAll('\r\n', '\n')}`.trimEnd()
    })
    .join('\n\n###\n\n')
    .concat('\n')
}
