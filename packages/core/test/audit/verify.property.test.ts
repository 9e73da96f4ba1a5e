import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AuditCheckOptions, ChainCheck } from '../../src/audit/chain-check.js'
import type { AuditEvent, AuditLine } from '../../src/connector/audit.js'
import type { JsonObject } from '../../src/json.js'
import { chainOf } from './chain.js'

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('"hash":"', '\\', '\u2028', '\ufffd', '10'),
)
const event: fc.Arbitrary<AuditEvent> = fc.record(
  {
    tenant: fc.constant('plant-1'),
    at: fc.integer({ min: 0, max: 4e12 }),
    what: text,
    action: text,
    signal: text,
    data: fc
      .dictionary(text, fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme' }))
      // What fast-check calls a JSON value is one.
      .map((data) => data as JsonObject),
  },
  { requiredKeys: ['tenant', 'at', 'what', 'data'] },
)
const chain = fc.array(event, { minLength: 2, maxLength: 20 }).map(chainOf)

/** A chain and two different positions in it, from 0 on, the lower first. */
const chainAndTwo = chain.chain((lines) =>
  fc
    .uniqueArray(fc.nat(lines.length - 1), { minLength: 2, maxLength: 2 })
    .map((places) => ({ lines, places: places.toSorted((a, b) => a - b) })),
)

const bytesOf = (lines: readonly AuditLine[]): Buffer[] => lines.map((line) => Buffer.from(line.text))
const headOf = (lines: readonly AuditLine[]): AuditCheckOptions => {
  const { sequence, hash } = lines.at(-1) ?? { sequence: 0, hash: '' }
  return { expect: { sequence, hash } }
}

function found(lines: readonly Uint8Array[], options: AuditCheckOptions = {}): string[] {
  const check = new ChainCheck(options)
  for (const line of lines) check.add(line)
  return check.report().problems.map(({ line, kind, sequence }) => `${line} ${kind} ${sequence}`)
}

/** As a reader of a file has them. */
function linesIn(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from)
    const to = end < 0 ? bytes.length : end
    lines.push(bytes.subarray(from, to))
    from = to + 1
  }
  return lines
}

describe('whatever a chain says', () => {
  it('it is right as it was written', () => {
    fc.assert(
      fc.property(chain, (lines) => {
        expect(found(bytesOf(lines), headOf(lines))).toEqual([])
      }),
    )
  })

  it('one changed byte of any line is noticed, and only that line is named', () => {
    fc.assert(
      fc.property(chain, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (lines, at, place, flip) => {
        const bytes = bytesOf(lines)
        const line = bytes[at % bytes.length] ?? Buffer.alloc(0)
        line[place % line.length] = (line[place % line.length] ?? 0) ^ flip
        const number = (at % bytes.length) + 1
        expect([`${number} changed ${number}`, `${number} not-json ${number}`]).toContain(found(bytes)[0])
        expect(found(bytes)).toHaveLength(1)
      }),
      { numRuns: 500 },
    )
  })

  it('one changed byte of a file is noticed, line ends too, and the line is named first', () => {
    fc.assert(
      fc.property(chain, fc.nat(), fc.integer({ min: 1, max: 255 }), (lines, at, flip) => {
        const bytes = Buffer.from(lines.map((line) => `${line.text}\n`).join(''))
        const place = at % bytes.length
        const number = bytes.subarray(0, place).filter((byte) => byte === 0x0a).length + 1
        bytes[place] = (bytes[place] ?? 0) ^ flip
        const split = linesIn(bytes)
        expect(found(split)[0]).toMatch(new RegExp(`^${number} (?:changed|not-json) ${number}$`))
      }),
      { numRuns: 500 },
    )
  })

  it('a removed line is noticed and named', () => {
    fc.assert(
      fc.property(chain, fc.nat(), (lines, at) => {
        const place = at % lines.length
        const left = bytesOf(lines).toSpliced(place, 1)
        const kind = place === lines.length - 1 ? 'truncated' : 'removed'
        expect(found(left, headOf(lines))).toEqual([`${place + 1} ${kind} ${place + 1}`])
      }),
    )
  })

  it('two lines that changed places are noticed, and one of the two is named first', () => {
    fc.assert(
      fc.property(chainAndTwo, ({ lines, places: [first = 0, second = 0] }) => {
        const bytes = bytesOf(lines)
        const moved = bytes
          .with(first, bytes[second] ?? Buffer.alloc(0))
          .with(second, bytes[first] ?? Buffer.alloc(0))
        const problems = found(moved, headOf(lines))
        expect(problems[0]).toBe(`${first + 1} reordered ${second + 1}`)
        // Of two neighbours one has to move.
        const other = `${second + 1} reordered ${first + 1}`
        expect(problems.slice(1)).toEqual(second === first + 1 ? [] : [other])
      }),
    )
  })

  it('a line that is there twice is noticed, and the one that was put in is named', () => {
    fc.assert(
      fc.property(chain, fc.nat(), fc.nat(), (lines, at, to) => {
        const bytes = bytesOf(lines)
        const number = (at % bytes.length) + 1
        const place = to % (bytes.length + 1)
        const problems = found(bytes.toSpliced(place, 0, bytes[number - 1] ?? Buffer.alloc(0)), headOf(lines))
        // Beside itself either may be the one.
        const position = place === number - 1 ? place + 2 : place + 1
        expect(problems).toEqual([`${position} inserted ${number}`])
      }),
    )
  })

  it('a cut end is noticed by the head that was kept', () => {
    fc.assert(
      fc.property(chain, fc.nat(), (lines, at) => {
        const left = at % lines.length
        expect(found(bytesOf(lines).slice(0, left), headOf(lines))).toEqual([
          `${left + 1} truncated ${left + 1}`,
        ])
      }),
    )
  })

  it('several removed lines are each named where they are missing', () => {
    fc.assert(
      fc.property(chain, fc.array(fc.nat(), { maxLength: 8 }), (lines, removed) => {
        const gone = new Set(removed.map((at) => (at % lines.length) + 1))
        const left = bytesOf(lines).filter((_, i) => !gone.has(i + 1))
        const expected: string[] = []
        for (let number = 1, line = 1; number <= lines.length; number++) {
          if (!gone.has(number)) line++
          else if (!gone.has(number - 1)) expected.push(`${line} removed ${number}`)
        }
        // What is missing at the end is the head's to notice.
        if (gone.has(lines.length)) expected.push((expected.pop() ?? '').replace('removed', 'truncated'))
        expect(found(left, headOf(lines))).toEqual(expected)
      }),
    )
  })

  it('lines in any order, some removed and some twice, are never taken for the chain', () => {
    fc.assert(
      fc.property(chain, fc.array(fc.nat(), { maxLength: 24 }), (lines, picks) => {
        const picked = picks.map((pick) => pick % lines.length)
        const isChain = picked.length === lines.length && picked.every((pick, i) => pick === i)
        const bytes = bytesOf(lines)
        const problems = found(
          picked.map((pick) => bytes[pick] ?? Buffer.alloc(0)),
          headOf(lines),
        )
        expect(problems.length === 0).toBe(isChain)
      }),
    )
  })
})
