import { fileURLToPath } from 'node:url'
import type { Mes } from '@andon/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MesKind, mes } from '../src/index.js'
import { actionOf, client, contextOf, effectsOf, richMes } from './support/given.js'
import { httpText } from './support/http-text.js'

const kinds: readonly MesKind[] = [
  'material.hold',
  'material.release',
  'parameter.adjust',
  'schedule.prioritise',
  'schedule.rework',
  'inspection.request',
  'quality.notification',
  'escalate',
  'notify',
]
const reversible = kinds.filter((kind) => kind !== 'escalate' && kind !== 'notify')

const file = (name: string): string => fileURLToPath(new URL(`golden/${name}.http`, import.meta.url))

describe('what goes over the wire', () => {
  let running: Mes
  let target: ReturnType<typeof mes>
  beforeEach(async () => {
    running = await richMes()
    target = mes({ url: running.url, auth: { kind: 'oauth2', tokenUrl: running.tokenUrl, ...client } })
  })
  afterEach(async () => {
    await target.close()
    await running.close()
  })

  /** The requests of the contract since so many, as text. */
  const wire = (since: number): string =>
    running.requests
      .slice(since)
      .filter(({ target: path }) => path.startsWith('/andon/v1/'))
      .map(httpText)
      .join('\n')

  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

  it.each(kinds)(
    'is, for %s, to the letter what the golden file says; and it takes effect once',
    async (kind) => {
      const action = actionOf(kind, 3, { id: `0199-${kind}` })
      const since = running.requests.length
      await target.execute(action, contextOf(1, { traceparent }))
      await expect(wire(since)).toMatchFileSnapshot(file(kind))
      expect(effectsOf(running, action.id)).toBe(1)
    },
  )

  it.each(reversible)(
    'is, for the reversal of %s, what the golden file says; and it undoes once',
    async (kind) => {
      const action = actionOf(kind, 3, { id: `0199-${kind}` })
      const receipt = await target.execute(action, contextOf())
      const since = running.requests.length
      await target.revert(action, receipt, contextOf())
      await expect(wire(since)).toMatchFileSnapshot(file(`${kind}.revert`))
      expect(running.deed(action.id)?.undone).toBe(1)
    },
  )

  it('is, for single units, what the golden file says', async () => {
    const params = { serials: ['U-1', 'U-2'], reason: 'cooling failure on 7 units in 24 h' }
    const action = actionOf('material.hold', 3, { id: '0199-units', params })
    const since = running.requests.length
    const receipt = await target.execute(action, contextOf())
    await target.revert(action, receipt, contextOf())
    await expect(wire(since)).toMatchFileSnapshot(file('material.hold.units'))
    expect(running.deed(action.id)).toMatchObject({ effects: 1, undone: 1 })
  })

  it('is, for a second attempt, the look-up first', async () => {
    const action = actionOf('material.hold', 3, { id: '0199 / 动作' })
    const since = running.requests.length
    await target.execute(action, contextOf(2))
    const again = await target.execute(action, contextOf(2))
    expect(again.alreadyDone).toBe(true)
    await expect(wire(since)).toMatchFileSnapshot(file('second-attempt'))
  })

  it('is, for questions, what the golden file says', async () => {
    const since = running.requests.length
    await target.observe?.(
      [
        { kind: 'batch', id: 'C-1' },
        { kind: 'unit', id: 'U-1' },
        { kind: 'order', id: 'O-1' },
        { kind: 'parameter', equipment: 'E-1', id: 'mould/temperature' },
      ],
      contextOf(),
    )
    await target.trace?.({ serials: ['U-2'], batches: ['C-1'], limit: 1_000 }, contextOf())
    await target.check()
    await expect(wire(since)).toMatchFileSnapshot(file('questions'))
  })
})
