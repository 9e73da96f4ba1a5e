import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isAndonError, openAudit, sqliteStore, verifyAudit } from '@andon/core'
import { expect, it } from 'vitest'
import { dataFolder, type Loop, runLoop } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const rules = 'CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9 ESCALATE TO safety;'

async function complain({ andon, clock }: Loop, id: string, tenant = 'plant-1'): Promise<void> {
  await andon.ingest({ ...webPayload({ id, at: clock.now(), severity: 9.5 }), tenant })
  await andon.settled()
}

/** Edits the log behind the back of a running loop. */
function edit(data: string, sql: string, ...values: (string | Uint8Array)[]): void {
  const database = new DatabaseSync(join(data, 'andon.db'))
  expect(database.prepare(sql).run(...values).changes).toBe(1)
  database.close()
}

it('what a loop does stands in one chain per tenant, which can be checked and exported while it runs', async () => {
  const loop = await runLoop({ rules })
  await complain(loop, 'one')
  await complain(loop, 'two', 'plant-2')
  const { audit } = loop.andon
  const reports = await audit.verify()
  expect(reports).toMatchObject([
    { ok: true, tenant: 'plant-1', problems: [] },
    { ok: true, tenant: 'plant-2', problems: [] },
  ])
  const heads = await audit.heads()
  expect(reports.map(({ head }) => head)).toEqual(heads)
  expect(heads.every(({ sequence }) => sequence > 1)).toBe(true)
  const [first] = heads
  expect(
    await verifyAudit(audit.export('plant-1'), { ...(first === undefined ? {} : { expect: first }) }),
  ).toEqual(reports[0])
  expect(await audit.verify('plant-2')).toEqual([reports[1]])
})

it('heads that were kept prove later that nothing was cut off, also of a tenant whose whole log is gone', async () => {
  const loop = await runLoop({ rules })
  await complain(loop, 'one')
  await complain(loop, 'two', 'plant-2')
  const kept = await loop.andon.audit.heads()
  await complain(loop, 'three')
  expect((await loop.andon.audit.verify(undefined, { expect: kept })).map(({ ok }) => ok)).toEqual([
    true,
    true,
  ])
  const database = new DatabaseSync(join(loop.data, 'andon.db'))
  database.prepare("DELETE FROM audit WHERE tenant = 'plant-2'").run()
  database.close()
  expect((await loop.andon.audit.verify()).map(({ tenant, ok }) => [tenant, ok])).toEqual([['plant-1', true]])
  expect(await loop.andon.audit.verify(undefined, { expect: kept })).toMatchObject([
    { tenant: 'plant-1', ok: true },
    { tenant: 'plant-2', ok: false, problems: [{ line: 1, kind: 'truncated' }] },
  ])
})

it('a line that was edited in the store is named, and a check that is stopped says so', async () => {
  const loop = await runLoop({ rules })
  await complain(loop, 'one')
  edit(loop.data, "UPDATE audit SET line = replace(line, 'plant-1', 'plant-9') WHERE sequence = 2")
  expect(await loop.andon.audit.verify()).toMatchObject([
    { ok: false, problems: [{ sequence: 2, kind: 'changed' }] },
  ])
  const stopped = loop.andon.audit.verify(undefined, { signal: AbortSignal.abort() })
  await expect(stopped).rejects.toSatisfy((error) => isAndonError(error, 'ABORTED'))
})

it('a byte that a decoder would mend is found beside a running store', async () => {
  const path = join(dataFolder(), 'andon.db')
  const store = sqliteStore({ path })
  await store.open()
  const event = { tenant: 't', at: 0, what: 'action.proposed', data: { text: '\ufffd' } }
  await store.transaction((transaction) => transaction.appendAudit([event, event]))
  const [, line] = await store.audit.read('t', 1, 2)
  const bytes = Buffer.from(line?.text ?? '')
  bytes[bytes.indexOf(0xef)] = 0xf0
  expect(bytes.toString()).toBe(line?.text)
  const database = new DatabaseSync(path)
  database.prepare('UPDATE audit SET line = CAST(? AS TEXT) WHERE sequence = 2').run(bytes)
  database.close()
  const log = openAudit({ path })
  expect(await log.verify()).toMatchObject([
    { ok: false, lines: 2, problems: [{ line: 2, kind: 'not-json' }] },
  ])
  log.close()
  await store.close()
})

it('a store from before there was a log has an empty one, and is left as it is', async () => {
  const path = join(dataFolder(), 'andon.db')
  const database = new DatabaseSync(path)
  database.exec(
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; INSERT INTO meta VALUES ('version', '1')",
  )
  database.close()
  const log = openAudit({ path })
  expect(await log.verify()).toEqual([])
  log.close()
})

it('a store of a later release, a file that is none, and one that is not there are refused with their reason', async () => {
  const folder = dataFolder()
  const path = join(folder, 'later.db')
  const database = new DatabaseSync(path)
  database.exec(
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; INSERT INTO meta VALUES ('version', '99')",
  )
  database.close()
  const codeOf = (work: () => unknown): string => {
    try {
      work()
      return 'none'
    } catch (error) {
      return isAndonError(error) ? error.code : 'another'
    }
  }
  expect(codeOf(() => openAudit({ path }))).toBe('STORE_INCOMPATIBLE')
  expect(codeOf(() => openAudit({ path: join(folder, 'none.db') }))).toBe('STORE_FAILED')
  expect(codeOf(() => openAudit({ path: '' }))).toBe('OPTIONS_INVALID')
})
