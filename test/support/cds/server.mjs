// An OData server that is not ours: @sap/cds with the OData V2 adapter on SQLite in memory, with the names of S/4HANA.
// A process of its own: it has one model, one database and one logger. Its parent tells it what is there, asks for
// what was changed, and says which request is to be spoilt.
// Its licence is SAP's own, so it stays a development dependency of the repository and of no package.
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('.', import.meta.url)))
const { default: cds } = await import('@sap/cds')
const { default: adapter } = await import('@cap-js-community/odata-v2-adapter')
const { faults } = await import('./faults.mjs')
const { guard } = await import('./guard.mjs')
const { addRules, changes } = await import('./rules.mjs')

const memory = {
  impl: fileURLToPath(import.meta.resolve('@cap-js/sqlite')),
  kind: 'sqlite',
  credentials: { url: ':memory:' },
  pool: { min: 1, max: 1 },
}
Object.assign(cds.env.requires, { db: memory, auth: { kind: 'dummy' } })
Object.assign(cds.env.log.levels, { odata: 'silent', cds: 'silent', deploy: 'silent', cov2ap: 'silent' })
const { middleware, add } = faults()
cds.on('bootstrap', (app) => {
  app.use(middleware)
  app.use(guard())
  app.use(adapter({ path: 'sap/opu/odata/sap', targetPath: 'odata/v4' }))
})
cds.on('served', addRules)
const server = await cds.server({ from: 's4hana.cds', in_memory: true, port: 0 })
server.once('listening', () => {
  const url = `http://127.0.0.1:${server.address().port}`
  cds.emit('listening', { server, url })
  process.send?.({ url })
})

process.on('message', async ({ fill, ask, fault }) => {
  if (fault !== undefined) add(fault)
  for (const [entity, rows] of Object.entries(fill ?? {})) {
    if (rows.length > 0) await cds.ql.INSERT.into(`s4hana.${entity}`).entries(rows)
  }
  if (ask === 'changes') process.send?.({ changes })
  else process.send?.({ done: true })
})
// Whoever started it is gone, and so is what it was for.
process.once('disconnect', () => process.exit())
