import type { LoggedRequest } from '@andon/testkit'
import { virtualClock } from '@andon/testkit'
import { expect, it } from 'vitest'
import { contextOf, dmAction, type KindOfCase, kinds, opened } from './dm-floor.js'

/** Of no interest to DM, or different every time. */
const left: readonly string[] = ['host', 'connection', 'content-length', 'accept-encoding']

/** The request as it went over the wire; the token is not one that opens anything by now. */
function httpText({ method, target, rawHeaders, text }: LoggedRequest): string {
  const headers = rawHeaders.flatMap((name, index) => {
    if (index % 2 === 1 || left.includes(name.toLowerCase())) return []
    const value = name.toLowerCase() === 'authorization' ? 'Bearer …' : (rawHeaders[index + 1] ?? '')
    return [`${name.toLowerCase()}: ${value}`]
  })
  const shown = method === 'GET' ? [] : headers.sort()
  return [`${method} ${target}`, ...shown, ...(text === '' ? [] : ['', text])].join('\n')
}

const fileOf = (kind: KindOfCase): string =>
  `../golden/digital-manufacturing/${kind.replaceAll(/[. ]/g, '-')}.http`

it.each(kinds)('%s asks DM for exactly this, and for exactly this when it is taken back', async (kind) => {
  const clock = virtualClock()
  const { dm, target } = await opened({ clock }, { connections: 1 })
  const action = dmAction(kind, 1)
  try {
    const receipt = await target.execute(action, contextOf(1, { clock }))
    const executed = dm.requests.filter(({ target: path }) => path !== '/oauth/token')
    const until = dm.requests.length
    await target.revert(action, receipt, contextOf(1, { clock }))
    const reverted = dm.requests.slice(until)
    const text = ['### execute', ...executed.map(httpText), '### revert', ...reverted.map(httpText)].join(
      '\n\n',
    )
    await expect(`${text}\n`).toMatchFileSnapshot(fileOf(kind))
  } finally {
    await target.close()
    await dm.close()
  }
})
