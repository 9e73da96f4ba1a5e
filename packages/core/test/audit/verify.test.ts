import { describe, expect, it } from 'vitest'
import { canonical } from '../../src/audit/canonical.js'
import { auditLine, firstHash } from '../../src/audit/chain.js'
import type { AuditCheckOptions, AuditReport } from '../../src/audit/chain-check.js'
import { verifyAudit } from '../../src/audit/verify.js'
import { chainOf, plainChain, textsOf } from './chain.js'

const lines = plainChain(12)
const texts = textsOf(lines)

/** What is wrong, as `line kind sequence`. */
async function found(
  changed: readonly (string | Uint8Array)[],
  options?: AuditCheckOptions,
): Promise<string[]> {
  const { problems } = await verifyAudit(changed, options)
  return problems.map(({ line, kind, sequence }) => `${line} ${kind} ${sequence}`)
}

const without = (...sequences: number[]): string[] => texts.filter((_, i) => !sequences.includes(i + 1))
const order = (...sequences: number[]): string[] => sequences.map((sequence) => texts[sequence - 1] ?? '')
const replaced = (sequence: number, text: string): string[] =>
  texts.map((old, i) => (i === sequence - 1 ? text : old))
const line = (sequence: number): string => texts[sequence - 1] ?? ''

/** Line `sequence` with other data, its hash made anew, as somebody would who knows how. */
function forged(sequence: number): string {
  const previous = lines[sequence - 2] ?? { sequence: 0, hash: firstHash }
  return auditLine({ tenant: 'plant-1', at: 0, what: 'action.signed', data: { name: 'nobody' } }, previous)
    .text
}

describe('a chain of the audit log', () => {
  it('has these hashes for ever: what was written once can be checked by every later release', () => {
    const golden = chainOf([
      { tenant: 'plant-1', at: Date.UTC(2026, 0, 5, 8), what: 'action.proposed', action: 'a-1', data: {} },
      {
        tenant: 'plant-1',
        at: Date.UTC(2026, 0, 5, 8, 0, 1, 5),
        what: 'action.signed',
        action: 'a-1',
        signal: 's-1',
        data: { 名称: '李工', b: [1.5, 1e21, -0, null], a: { 10: true, 9: 'é\u2028"\\\n' } },
      },
    ])
    expect(golden.map(({ text }) => text)).toEqual(goldenTexts)
  })

  it('is right as it was written, and its head is the last line', async () => {
    const { sequence, hash } = lines[11] ?? { sequence: 0, hash: '' }
    const report: AuditReport = await verifyAudit(texts, { expect: { sequence, hash } })
    expect(report).toEqual({
      ok: true,
      tenant: 'plant-1',
      lines: 12,
      head: { tenant: 'plant-1', sequence, hash },
      problems: [],
      more: 0,
    })
  })

  it('can be checked from a head on', async () => {
    const from = { tenant: 'plant-1', sequence: 5, hash: lines[4]?.hash ?? '' }
    expect(await found(texts.slice(5), { from })).toEqual([])
    expect(await found(texts.slice(6), { from })).toEqual(['1 removed 6'])
    expect(await found(texts.slice(5), { from: { ...from, hash: firstHash } })).toEqual(['1 changed 6'])
  })

  it('is right when it is empty, and has no head', async () => {
    expect(await verifyAudit([])).toMatchObject({ ok: true, lines: 0, head: undefined, problems: [] })
  })

  it('can be read as bytes', async () => {
    expect(await found(texts.map((text) => Buffer.from(text)))).toEqual([])
  })

  it('can be right for data of every shape, however numbers and names are written', async () => {
    const data = { 10: 1, 9: 2, a: [{ z: -0, b: 1e-7 }], hash: 'x', previous: '"hash":"y"', 'x"hash': '"' }
    const chain = chainOf([1, 2, 3].map(() => ({ tenant: '"hash":"', at: 0, what: '\\"', data })))
    expect(await found(textsOf(chain))).toEqual([])
  })

  it('is written for texts that hold half a character, and for numbers that JSON does not know', async () => {
    const chain = chainOf([
      { tenant: 't', at: 0, what: 'w', data: { text: 'a\ud83d', n: Number.NaN, '\udc00': [] } },
    ])
    expect(await found(textsOf(chain))).toEqual([])
    expect(chain[0]?.text).toContain('"data":{"n":null,"text":"a\ufffd","\ufffd":[]}')
  })
})

describe('what was changed', () => {
  it('is named: another word', async () => {
    expect(await found(replaced(4, line(4).replace('approved', 'refused')))).toEqual(['4 changed 4'])
  })

  it('is named: its hash, the hash before, its number', async () => {
    const hash = lines[3]?.hash ?? ''
    const previous = lines[2]?.hash ?? ''
    expect(await found(replaced(4, line(4).replace(hash, firstHash)))).toEqual(['4 changed 4'])
    expect(await found(replaced(4, line(4).replace(previous, firstHash)))).toEqual(['4 changed 4'])
    expect(await found(replaced(4, line(4).replace('"sequence":4', '"sequence":9')))).toEqual(['4 changed 4'])
  })

  it('is named when it says the same in other bytes', async () => {
    const spaced = replaced(4, line(4).replace('{"action"', '{ "action"'))
    const escaped = replaced(4, line(4).replace('李', '\\u674e'))
    for (const changed of [spaced, escaped, replaced(4, `${line(4)}\r`)]) {
      const { problems } = await verifyAudit(changed)
      expect(problems).toMatchObject([{ line: 4, sequence: 4, kind: 'changed' }])
      expect(problems[0]?.text.en).toContain('in other bytes')
    }
  })

  it('is named when a member is there twice or too many', async () => {
    expect(await found(replaced(4, line(4).replace('{"action"', '{"action":"b","action"')))).toEqual([
      '4 changed 4',
    ])
    const { hash: _, ...body } = JSON.parse(line(4))
    const wider = { ...body, zone: 'x' }
    expect(await found(replaced(4, canonical({ ...wider, hash: firstHash })))).toEqual(['4 changed 4'])
  })

  it('is named when it was moved into the data without touching what is hashed', async () => {
    const [first] = textsOf(chainOf([{ tenant: 't', at: 0, what: 'w', data: { previous: 'x' } }]))
    const text = first ?? ''
    const member = /"hash":"[0-9a-f]{64}",/.exec(text)?.[0] ?? ''
    expect(member).not.toBe('')
    const moved = text.replace(member, '').replace('"data":{', `"data":{${member}`)
    expect(await found([moved])).toEqual(['1 changed 1'])
  })

  it('is named when it cannot be read', async () => {
    expect(await found(replaced(4, line(4).slice(0, 40)))).toEqual(['4 not-json 4'])
    expect(await found(replaced(4, ''))).toEqual(['4 not-json 4'])
    expect(await found(replaced(12, '[]'))).toEqual(['12 not-json 12'])
  })

  it('is named when bytes are no UTF-8, though they would be decoded to the same text', async () => {
    const chain = chainOf([{ tenant: 't', at: 0, what: 'w', data: { text: '\ufffd' } }])
    const bytes = Buffer.from(textsOf(chain)[0] ?? '')
    bytes[bytes.indexOf(0xef)] = 0xf0
    expect(JSON.parse(bytes.toString())).toEqual(JSON.parse(textsOf(chain)[0] ?? ''))
    expect(await found([bytes])).toEqual(['1 not-json 1'])
  })

  it('is named when somebody made its hash anew, but cannot change the line after it', async () => {
    expect(await found(replaced(4, forged(4)))).toEqual(['4 changed 4'])
    expect(await found(replaced(1, forged(1)))).toEqual(['1 changed 1'])
  })

  it('is named at the end only by a head that was kept', async () => {
    const { sequence, hash } = lines[11] ?? { sequence: 0, hash: '' }
    expect(await found(replaced(12, forged(12)))).toEqual([])
    expect(await found(replaced(12, forged(12)), { expect: { sequence, hash } })).toEqual(['12 changed 12'])
  })

  it('is noticed when the whole log was written anew', async () => {
    const other = chainOf(
      lines.map((_, i) => ({ tenant: 'plant-1', at: i, what: 'action.signed', data: {} })),
    )
    const { sequence, hash } = lines[7] ?? { sequence: 0, hash: '' }
    expect(await found(textsOf(other))).toEqual([])
    expect(await found(textsOf(other), { expect: { sequence, hash } })).toEqual(['8 changed 8'])
  })

  it('does not hide what is wrong after it', async () => {
    const changed = replaced(4, line(4).replace('approved', 'refused'))
    changed.splice(7, 1)
    expect(await found(changed)).toEqual(['4 changed 4', '8 removed 8'])
  })

  it('is told for neighbours one by one', async () => {
    const changed = texts.map((text, i) => (i >= 3 && i <= 5 ? text.replace('approved', 'refused') : text))
    expect(await found(changed)).toEqual(['4 changed 4', '5 changed 5', '6 changed 6'])
  })
})

describe('what was removed', () => {
  it('is named where it is missing', async () => {
    expect(await found(without(4))).toEqual(['4 removed 4'])
    expect(await found(without(1))).toEqual(['1 removed 1'])
    expect(await found(without(4, 5, 6, 9))).toEqual(['4 removed 4', '6 removed 9'])
    const { problems } = await verifyAudit(without(4, 5, 6))
    expect(problems[0]?.text.en).toBe('Numbers 4 to 6 are missing before this line (3 lines).')
    expect(problems[0]?.text.zh).toBe('该行之前缺少第 4 至 6 号（共 3 行）。')
  })

  it('is named before a line that was changed or cannot be read', async () => {
    expect(await found(without(11))).toEqual(['11 removed 11'])
    const changed = texts.map((text, i) => (i === 5 ? 'x' : text))
    changed.splice(8, 1)
    expect(await found(changed)).toEqual(['6 not-json 6', '9 removed 9'])
  })

  it('is noticed at the end by a head that was kept', async () => {
    const { sequence, hash } = lines[11] ?? { sequence: 0, hash: '' }
    expect(await found(texts.slice(0, 9))).toEqual([])
    expect(await found(texts.slice(0, 9), { expect: { sequence, hash } })).toEqual(['10 truncated 10'])
    expect(await found([], { expect: { sequence, hash } })).toEqual(['1 truncated 1'])
  })
})

describe('what was moved', () => {
  it('is named when two lines changed places', async () => {
    expect(await found(order(1, 2, 3, 8, 5, 6, 7, 4, 9, 10, 11, 12))).toEqual([
      '4 reordered 8',
      '8 reordered 4',
    ])
    expect(await found(order(1, 2, 4, 3, 5, 6, 7, 8, 9, 10, 11, 12))).toEqual(['3 reordered 4'])
    expect(await found(order(12, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1))).toEqual([
      '1 reordered 12',
      '12 reordered 1',
    ])
  })

  it('is named when one line stands elsewhere', async () => {
    expect(await found(order(1, 2, 9, 3, 4, 5, 6, 7, 8, 10, 11, 12))).toEqual(['3 reordered 9'])
    expect(await found(order(1, 2, 4, 5, 6, 7, 8, 9, 3, 10, 11, 12))).toEqual(['9 reordered 3'])
  })

  it('is named once when lines were moved together', async () => {
    expect(await found(order(1, 2, 3, 8, 9, 10, 4, 5, 6, 7, 11, 12))).toEqual(['7 reordered 4'])
  })
})

describe('what was put in', () => {
  it('is named when it is a line that is there already', async () => {
    expect(await found(order(1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))).toEqual(['4 inserted 3'])
    expect(await found(order(1, 2, 3, 9, 4, 5, 6, 7, 8, 9, 10, 11, 12))).toEqual(['4 inserted 9'])
    expect(await found(order(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 4))).toEqual(['13 inserted 4'])
  })

  it('is named when it is a line of another tenant', async () => {
    const [other] = textsOf(chainOf([{ tenant: 'plant-2', at: 0, what: 'action.signed', data: {} }]))
    const changed = [...texts.slice(0, 3), other ?? '', ...texts.slice(3)]
    expect(await found(changed)).toEqual(['4 inserted 1'])
    expect(await found([other ?? ''], { tenant: 'plant-1' })).toEqual(['1 inserted 1'])
  })

  it('is named when it is no line at all', async () => {
    expect(await found([...texts.slice(0, 3), 'hello', ...texts.slice(3)])).toEqual(['4 not-json 4'])
  })
})

describe('a chain with very much wrong', () => {
  it('tells the first hundred and counts the rest', async () => {
    const long = textsOf(plainChain(600)).map((text, i) =>
      i % 2 ? text : text.replace('approved', 'refused'),
    )
    const { ok, problems, more, lines: read } = await verifyAudit(long)
    expect({ ok, told: problems.length, more, read }).toEqual({ ok: false, told: 100, more: 200, read: 600 })
  })

  it('is gone along in constant memory when every second line is missing', async () => {
    const long = textsOf(plainChain(6000)).filter((_, i) => i % 2)
    const { problems, more } = await verifyAudit(long)
    expect(problems[0]).toMatchObject({ line: 1, sequence: 1, kind: 'removed' })
    expect(problems.length + more).toBe(3000)
  })
})

/** SHA-256 of these texts without their hash, made with another program (sha256sum). */
const goldenTexts: readonly string[] = [
  '{"action":"a-1","at":"2026-01-05T08:00:00.000Z","data":{},"hash":"24efbd3d268d8f198c9650079456853bfcbba07cc253edc0d208889a9bc94f0e","previous":"0000000000000000000000000000000000000000000000000000000000000000","sequence":1,"tenant":"plant-1","version":1,"what":"action.proposed"}',
  '{"action":"a-1","at":"2026-01-05T08:00:01.005Z","data":{"a":{"10":true,"9":"é\u2028\\"\\\\\\n"},"b":[1.5,1e+21,0,null],"名称":"李工"},"hash":"99ff4e3fe6ed16982f4252f88ff5f53c9ba1091e00beae8b3611c92365d01af1","previous":"24efbd3d268d8f198c9650079456853bfcbba07cc253edc0d208889a9bc94f0e","sequence":2,"signal":"s-1","tenant":"plant-1","version":1,"what":"action.signed"}',
]
