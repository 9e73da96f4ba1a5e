import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { programsIn } from '../../scripts/lib/doc-code.mjs'
import { inRoot, root } from '../../scripts/lib/root.mjs'

// The page's own code, with the simulator in place of what its reader has. Importing it registers the contract
// suite here: the connector that we show keeps every sentence of the contract.
mkdirSync(inRoot('.cache'), { recursive: true })
const folder = mkdtempSync(inRoot('.cache', 'connector-page-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const [program] = programsIn(root, ['docs/writing-a-connector.md'])
const simulator = `import { startWarehouse } from ${JSON.stringify(inRoot('test', 'docs', 'warehouse.js'))}\n`
const code = program?.code.replace(/^declare function startWarehouse[\s\S]*?^\}>\n/m, simulator)
if (code?.includes(simulator) !== true) {
  throw new Error('The page no longer declares startWarehouse, so its connector cannot be tried.')
}
const file = join(folder, 'page.ts')
writeFileSync(file, code)
await import(file)
