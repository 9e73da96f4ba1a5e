import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAndon } from '@andon/core'
import { parseRules } from '@andon/core/rule'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mappingChannel } from '../src/mapping/mapping-channel.js'
import { parseMapping } from '../src/mapping/read-mapping.js'
import { andon, folderWith } from './helpers.js'

const rules = `CREATE RULE bad_batch AS
SELECT batch_number AS batch, COUNT(*) AS n FROM feedbacks
WHERE severity_score >= 5
GROUP BY batch_number WINDOW SLIDING INTERVAL '30 days' HAVING COUNT(*) >= 3
THEN notify (to = 'quality', text = '{n} of {batch}');
CREATE RULE never AS SELECT * FROM feedbacks WHERE severity_score > 9.9 ESCALATE TO nobody;
`
const mapping = JSON.stringify({
  version: 1,
  channel: 'web',
  source: 'past',
  filedAt: 'filed',
  fields: {
    sourceMessageId: '{id}',
    symptomText: '{text}',
    batchNumber: '{batch}',
    severityScore: 6,
  },
})
const rows = Array.from({ length: 12 }, (_, i) => {
  const day = String(1 + i).padStart(2, '0')
  return `${i},2026-0${i < 6 ? 1 : 2}-${day},fridge ${i} is warm,${i % 2 ? 'A' : 'B'}`
})
const csv = `id,filed,text,batch\n${rows.join('\n')}\n`

describe('andon backtest', () => {
  it('prints when, how often and on what each rule would have fired on a file', async () => {
    const path = folderWith({ 'rules.sql': rules, 'map.json': mapping, 'past.csv': csv })
    const argv = ['backtest', path('rules.sql'), '--from', path('past.csv'), '--map', path('map.json')]
    const json = await andon([...argv, '--json'])
    expect(json.err).toBe('')
    expect(json.code).toBe(0)
    expect(JSON.parse(json.out)).toMatchObject({
      feedback: 12,
      rules: [
        {
          rule: 'bad_batch',
          firings: 4,
          months: { '2026-01': 2, '2026-02': 2 },
          problems: [
            { facts: { batch: 'B', n: 3 }, firings: 2, first: '2026-01-05T00:00:00.000Z' },
            { facts: { batch: 'A', n: 3 }, firings: 2, first: '2026-01-06T00:00:00.000Z' },
          ],
        },
        { rule: 'never', firings: 0, first: null },
      ],
    })
    const text = await andon([...argv, '--lang', 'zh'])
    expect(text.out).toContain('bad_batch  触发 4 次，2 个问题')
    expect(text.out).toContain('fridge 4 is warm')
    expect(text.out).toContain('never  从未触发')
  })

  it('finds in a journal what the live run found', async () => {
    const data = mkdtempSync(join(tmpdir(), 'andon-backtest-'))
    onTestFinished(() => rmSync(data, { recursive: true, force: true }))
    const live = createAndon({
      channels: [mappingChannel(parseMapping(mapping, 'map.json'))],
      rules: parseRules(rules),
      data,
    })
    await live.start()
    for (let i = 0; i < 7; i++) {
      const filed = new Date().toISOString()
      await live.ingest({
        body: { id: i, filed, text: `fridge ${i}`, batch: 'A' },
        channel: 'web',
        source: 'past',
      })
    }
    await live.settled()
    const [signal] = await live.signals.list()
    await live.close()
    const path = folderWith({ 'rules.sql': rules })
    const { code, out } = await andon([
      'backtest',
      path('rules.sql'),
      '--from',
      'journal',
      '--data',
      data,
      '--json',
    ])
    expect(code).toBe(0)
    const [found] = JSON.parse(out).rules
    expect(found.problems).toHaveLength(1)
    expect(found.problems[0]).toMatchObject({ facts: signal?.facts, firings: signal?.firings })
    expect(new Date(found.first).getTime()).toBe(signal?.openedAt)
  })

  it('does not make a store where there is none', async () => {
    const path = folderWith({ 'rules.sql': rules })
    const { code, err } = await andon([
      'backtest',
      path('rules.sql'),
      '--from',
      'journal',
      '--data',
      path('no'),
    ])
    expect(code).toBe(2)
    expect(err).toContain('There is no file')
  })

  it('asks for a mapping when it is given a file', async () => {
    const path = folderWith({ 'rules.sql': rules, 'past.csv': csv })
    const { code, err } = await andon(['backtest', path('rules.sql'), '--from', path('past.csv')])
    expect(code).toBe(2)
    expect(err).toContain('--map <file>')
  })
})
