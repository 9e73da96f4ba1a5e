import { targetContract } from '@andon/testkit/vitest'
import { afterAll, beforeAll, describe, expect } from 'vitest'
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
})
