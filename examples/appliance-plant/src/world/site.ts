import { mes } from '@andon/connector-mes'
import { s4hana } from '@andon/connector-sap'
import type { AndonOptions } from '@andon/core'
import type { Clock } from '@andon/core/connector'
import { type PlantState, type S4HanaState, startMes, startS4Hana } from '@andon/testkit'
import { type PlantTerminal, plantTerminal } from './plant-terminal.js'
import { models } from './products.js'
import { deliveries, floor } from './setup.js'

/** The two systems of the plant, each behind HTTP and with credentials of its own. */
export interface Site {
  /** The MES as the people at the line use it. */
  readonly terminal: PlantTerminal
  /** What Andon acts on: the line through its MES, quality notifications in S/4HANA. */
  targets(): NonNullable<AndonOptions['targets']>
  plant(): PlantState
  sap(): S4HanaState
  close(): Promise<void>
}

const plant = '1010'
/** Component → material number in S/4HANA; models stand for themselves. */
const materials = { compressor: 'COMPRESSOR', mainboard: 'MAINBOARD', door_seal: 'DOOR-SEAL' } as const

const mesClient = { clientId: 'andon', clientSecret: 'of the demo' }
const sapUser = { user: 'ANDON', password: 'of the demo' }

/** Opens the MES of the line and the S/4HANA above it, both on the loopback interface. */
export async function openSite(clock: Clock): Promise<Site> {
  const line = await startMes({ ...floor, clock, auth: { oauth: mesClient }, requestLog: 0 })
  const erp = await startS4Hana({
    ...{ clock, basic: sapUser, requestLog: 0 },
    materials: [...Object.values(materials), ...models.map(({ model }) => model)].map((material) => ({
      material,
      plant,
    })),
    batches: deliveries.map(({ component, batch }) => ({ material: materials[component], batch })),
  })
  return {
    terminal: plantTerminal(line.terminalUrl),
    targets: () => ({
      mes: mes({ url: line.url, auth: { kind: 'oauth2', tokenUrl: line.tokenUrl, ...mesClient } }),
      sap: s4hana({
        ...{ name: 'sap', url: erp.url, client: '100', plant, materials },
        auth: { kind: 'basic', username: sapUser.user, password: sapUser.password },
      }),
    }),
    plant: () => line.state(),
    sap: () => erp.state(),
    async close() {
      await line.close()
      await erp.close()
    },
  }
}
