import { silentLogger, systemClock } from '@andon/core/connector'
import { targetContract } from '@andon/testkit/vitest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cdsGiven, cdsPlant } from '../support/cds-plant.js'
import { type CdsServer, startCdsServer } from '../support/cds-server.js'

// One server for all: it starts in a second, and each action has things of its own in it.
let server: CdsServer | undefined
beforeAll(async () => {
  server = await startCdsServer()
  await server.fill(cdsPlant)
})
afterAll(() => server?.stop())

describe('s4hana against @sap/cds', () => {
  targetContract(async () => cdsGiven(server ?? expect.fail('it is not there')))

  it('moves stock to blocked stock and back, each once', async () => {
    const running = server ?? expect.fail('it is not there')
    const given = cdsGiven(running, 'stock-transfer')
    const { target } = given
    const action = given.action('material.hold')
    const context = (attempt: number) => ({
      ...{ attempt, signal: new AbortController().signal, clock: systemClock, logger: silentLogger },
    })
    const documents = async () =>
      (await running.changes()).filter(({ set }) => set === 'A_MaterialDocumentHeader').length
    const before = await documents()
    const receipt = await target.execute(action, context(1))
    expect(receipt.proof).toMatchObject({ movementType: '344', quantity: '120.5' })
    expect(await target.execute(action, context(2))).toMatchObject({ alreadyDone: true })
    const back = await target.revert?.(action, receipt, context(1))
    expect(back?.proof).toMatchObject({ movementType: '343', quantity: '120.5' })
    await target.revert?.(action, receipt, context(2))
    expect((await documents()) - before).toBe(2)
    await given.dispose?.()
  })
})
