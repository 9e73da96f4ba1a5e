import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { sqliteStore } from '@andon/core'
import { describe, expect, it } from 'vitest'
import { andon, FakeIo, folderWith } from './helpers.js'

const event = (i: number, tenant: string) => ({
  tenant,
  at: Date.UTC(2026, 0, 5) + i * 1000,
  what: 'action.signed',
  action: `a-${i}`,
  data: { name: '李工', meaning: 'approved', batch: `C-${i}` },
})

/** A data folder whose log has so many lines of each tenant. */
async function logOf(lines: Readonly<Record<string, number>>): Promise<string> {
  const data = folderWith({})('.')
  const store = sqliteStore({ path: `${data}/andon.db` })
  await store.open()
  for (const [tenant, count] of Object.entries(lines)) {
    const events = Array.from({ length: count }, (_, i) => event(i, tenant))
    await store.transaction((transaction) => transaction.appendAudit(events))
  }
  await store.close()
  return data
}

function edit(data: string, sql: string, ...values: (string | number)[]): void {
  const database = new DatabaseSync(`${data}/andon.db`)
  expect(database.prepare(sql).run(...values).changes).toBe(1)
  database.close()
}

const changeOne = "UPDATE audit SET line = replace(line, 'C-16', 'C-17') WHERE tenant = ? AND sequence = 17"

describe('andon audit verify', () => {
  it('says of every tenant how many lines it has and where its chain ends, and what to do with that', async () => {
    const data = await logOf({ 'plant-1': 1200, 'plant-2': 3 })
    const { code, out, err } = await andon(['audit', 'verify', '--data', data])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/^plant-1 {2}1,200 lines {2}whole and unchanged\n {2}head {2}1200:[0-9a-f]{64}\n/)
    expect(out).toMatch(/plant-2 {2}3 lines {2}whole and unchanged\n {2}head {2}3:[0-9a-f]{64}\n/)
    expect(out).toContain('Keep the head')
  })

  it('names the line when one byte of it is edited in the store', async () => {
    const data = await logOf({ 'plant-1': 40 })
    edit(data, changeOne, 'plant-1')
    const text = await andon(['audit', 'verify', '--data', data])
    expect(text.code).toBe(1)
    expect(text.out).toContain('plant-1  40 lines  1 problem\n')
    expect(text.out).toContain('  line 17 (number 17)  changed  This line was changed after it was written')
    expect(text.out).toContain('What to do: change nothing')
    const chinese = await andon(['audit', 'verify', '--data', data, '--lang', 'zh'])
    expect(chinese.code).toBe(1)
    expect(chinese.out).toContain('  第 17 行（编号 17）  被修改  该行在写入之后被修改')
    expect(chinese.out).toContain('处理：不要改动任何内容')
    const json = await andon(['audit', 'verify', '--data', data, '--json'])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.out)).toMatchObject({
      ok: false,
      chains: [{ tenant: 'plant-1', lines: 40, problems: [{ line: 17, sequence: 17, kind: 'changed' }] }],
    })
  })

  it('names a line that was deleted from the store, one that was moved, and a hash that was edited beside it', async () => {
    const deleted = await logOf({ 'plant-1': 40 })
    edit(deleted, 'DELETE FROM audit WHERE sequence = 9')
    expect((await andon(['audit', 'verify', '--data', deleted])).out).toContain('line 9 (number 9)  removed')
    const moved = await logOf({ 'plant-1': 40 })
    edit(moved, 'UPDATE audit SET sequence = 41 WHERE sequence = 9')
    expect((await andon(['audit', 'verify', '--data', moved])).out).toContain('line 40 (number 9)  moved')
    const filed = await logOf({ 'plant-1': 40 })
    edit(filed, 'UPDATE audit SET hash = ? WHERE sequence = 40', '0'.repeat(64))
    expect((await andon(['audit', 'verify', '--data', filed])).out).toContain(
      'line 40 (number 40)  changed  The store has another hash beside this line',
    )
  })

  it('notices a cut end, or a log that is gone, by the head that was kept', async () => {
    const data = await logOf({ default: 40 })
    const report = JSON.parse((await andon(['audit', 'verify', '--data', data, '--json'])).out)
    const { sequence, hash } = report.chains[0].head
    const argv = ['audit', 'verify', '--data', data, '--head', `${sequence}:${hash}`]
    expect((await andon(argv)).code).toBe(0)
    edit(data, 'DELETE FROM audit WHERE sequence = 40')
    expect((await andon(['audit', 'verify', '--data', data])).code).toBe(0)
    const cut = await andon(argv)
    expect(cut.code).toBe(1)
    expect(cut.out).toContain('line 40 (number 40)  cut off')
    const gone = await andon(argv.with(3, await logOf({})))
    expect(gone.code).toBe(1)
    expect(gone.out).toContain('line 1 (number 1)  cut off')
  })

  it('reads the log while Andon runs on it, and changes nothing', async () => {
    const data = await logOf({ 'plant-1': 5 })
    const store = sqliteStore({ path: `${data}/andon.db` })
    await store.open()
    try {
      await store.transaction((transaction) => transaction.appendAudit([event(5, 'plant-1')]))
      const { code, out } = await andon(['audit', 'verify', '--data', data])
      expect(code).toBe(0)
      expect(out).toContain('plant-1  6 lines  whole and unchanged')
      await store.transaction((transaction) => transaction.appendAudit([event(6, 'plant-1')]))
      expect(await store.audit.heads()).toMatchObject([{ tenant: 'plant-1', sequence: 7 }])
    } finally {
      await store.close()
    }
  })

  it('says that nothing has been written when nothing has', async () => {
    const { code, out } = await andon(['audit', 'verify', '--data', await logOf({})])
    expect(code).toBe(0)
    expect(out).toContain('No line has been written yet')
  })

  it('shows how far it is on a terminal', async () => {
    const data = await logOf({ 'plant-1': 1200 })
    const { err } = await andon(['audit', 'verify', '--data', data], new FakeIo({ isTerminal: true }))
    expect(err).toContain('500 lines')
  })

  it('stops at a signal and proves nothing then', async () => {
    const data = await logOf({ 'plant-1': 5 })
    const io = new FakeIo()
    const ran = andon(['audit', 'verify', '--data', data], io)
    io.interrupt()
    const { code, out, err } = await ran
    expect({ code, out }).toEqual({ code: 130, out: '' })
    expect(err).toContain('nothing is proven')
  })

  it.each([
    ['--data', 'nowhere'],
    ['--file', 'nowhere.ndjson'],
  ])('with %s %s says that there is no such file', async (...where) => {
    const { code, err } = await andon(['audit', 'verify', ...where])
    expect(code).toBe(2)
    expect(err).toContain('There is no file')
  })

  it('asks whose head it is when there are several tenants, and says which there are', async () => {
    const data = await logOf({ 'plant-1': 1, 'plant-2': 1 })
    const head = `1:${'0'.repeat(64)}`
    const several = await andon(['audit', 'verify', '--data', data, '--head', head])
    expect(several.code).toBe(2)
    expect(several.err).toContain('--tenant which one is meant (plant-1, plant-2)')
    const unknown = await andon(['audit', 'verify', '--data', data, '--tenant', 'plant-3', '--lang', 'zh'])
    expect(unknown.code).toBe(2)
    expect(unknown.err).toContain('已有租户：plant-1、plant-2')
  })

  it('refuses a head that is none, and --data together with --file', async () => {
    const none = await andon(['audit', 'verify', '--head', '12'])
    expect(none.code).toBe(2)
    expect(none.err).toContain('<number>:<hash>')
    expect((await andon(['audit', 'verify', '--data', 'a', '--file', 'b'])).code).toBe(2)
  })
})

describe('andon audit export', () => {
  it('writes a file that is whole, and in which one edited byte is found', async () => {
    const data = await logOf({ 'plant-1': 1200 })
    const file = folderWith({})('audit.ndjson')
    const exported = await andon(['audit', 'export', '--data', data, '--out', file])
    expect({ code: exported.code, out: exported.out }).toEqual({ code: 0, out: '' })
    expect(exported.err).toContain('1,200 lines are in')
    expect((await andon(['audit', 'verify', '--file', file])).out).toContain(
      'plant-1  1,200 lines  whole and unchanged',
    )
    const bytes = readFileSync(file)
    const at = bytes.indexOf('C-899')
    bytes[at] = 'D'.charCodeAt(0)
    writeFileSync(file, bytes)
    const { code, out } = await andon(['audit', 'verify', '--file', file])
    expect(code).toBe(1)
    expect(out).toContain('line 900 (number 900)  changed')
  })

  it('prints the lines to standard output, of the tenant that was asked for', async () => {
    const data = await logOf({ 'plant-1': 3, 'plant-2': 2 })
    const { code, out, err } = await andon(['audit', 'export', '--data', data, '--tenant', 'plant-2'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = out.split('\n')
    expect(lines.pop()).toBe('')
    expect(lines.map((line) => JSON.parse(line).sequence)).toEqual([1, 2])
    const path = folderWith({ 'audit.ndjson': out })
    expect((await andon(['audit', 'verify', '--file', path('audit.ndjson')])).code).toBe(0)
    expect((await andon(['audit', 'export', '--data', data])).code).toBe(2)
  })

  it('never writes over a file', async () => {
    const data = await logOf({ 'plant-1': 3 })
    const path = folderWith({ 'audit.ndjson': 'evidence' })
    const { code, err } = await andon(['audit', 'export', '--data', data, '--out', path('audit.ndjson')])
    expect(code).toBe(2)
    expect(err).toContain('is there already')
    expect(readFileSync(path('audit.ndjson'), 'utf8')).toBe('evidence')
  })

  it('does not make a store where there is none', async () => {
    const path = folderWith({})
    expect((await andon(['audit', 'export', '--data', path('no')])).code).toBe(2)
    expect(existsSync(path('no'))).toBe(false)
  })
})

describe('a file of lines', () => {
  it('may be cut within a line, end without a line end, or hold very long lines', async () => {
    const data = await logOf({ 'plant-1': 3 })
    const { out } = await andon(['audit', 'export', '--data', data])
    const path = folderWith({
      'cut.ndjson': out.slice(0, -50),
      'open.ndjson': out.slice(0, -1),
      'crlf.ndjson': out.replaceAll('\n', '\r\n'),
      'long.ndjson': `${'x'.repeat(40 * 1024 * 1024)}\n${out}`,
      'empty.ndjson': '',
    })
    const verdict = async (name: string) => {
      const ran = await andon(['audit', 'verify', '--file', path(name), '--json'])
      const [{ lines, problems }] = JSON.parse(ran.out).chains
      return [ran.code, lines, ...problems.map((one: { line: number; kind: string }) => [one.line, one.kind])]
    }
    expect(await verdict('cut.ndjson')).toEqual([1, 3, [3, 'not-json']])
    expect(await verdict('open.ndjson')).toEqual([0, 3])
    expect(await verdict('crlf.ndjson')).toEqual([1, 3, [1, 'changed'], [2, 'changed'], [3, 'changed']])
    expect(await verdict('long.ndjson')).toEqual([1, 4, [1, 'not-json']])
    expect(await verdict('empty.ndjson')).toEqual([0, 0])
  })
})
