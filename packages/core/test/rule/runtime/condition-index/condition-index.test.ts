import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedbackRecord } from '../../../../src/feedback/schema.js'
import type { Expression } from '../../../../src/rule/ast.js'
import { parsePredicate } from '../../../../src/rule/index.js'
import { compile, type Row } from '../../../../src/rule/runtime/compile.js'
import { ConditionIndex } from '../../../../src/rule/runtime/condition-index/condition-index.js'
import { complaint, start } from '../feed.js'
import { condition, feedback } from './arbitrary-condition.js'

const rowOf = (record: FeedbackRecord): Row => ({ feedback: record, now: start, group: [], aggregates: [] })
const someFeedback = (overrides: Partial<FeedbackRecord> = {}): FeedbackRecord => {
  const entry = complaint(1, 0, overrides)
  if (entry.kind !== 'feedback') throw new Error('a complaint is a feedback')
  return entry.feedback
}

function found(index: ConditionIndex, record: FeedbackRecord): readonly number[] {
  const into: number[] = [-1]
  index.match(rowOf(record), into)
  return into
}

/** What asking every condition by its closures finds. */
function asked(conditions: ReadonlyMap<number, Expression>, record: FeedbackRecord): readonly number[] {
  return [...conditions]
    .filter(([, expression]) => compile(expression)(rowOf(record)) === true)
    .map(([id]) => id)
    .sort((a, b) => a - b)
}

function indexOf(...texts: readonly string[]): ConditionIndex {
  const index = new ConditionIndex()
  for (const [id, text] of texts.entries()) index.add(id, parsePredicate(text).expression)
  return index
}

type Step =
  | { readonly kind: 'add'; readonly id: number; readonly condition: Expression }
  | { readonly kind: 'remove'; readonly id: number }
  | { readonly kind: 'match'; readonly feedback: FeedbackRecord }

const id = fc.nat(40)
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('add' as const), id, condition }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), id }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('match' as const), feedback }) },
  ),
  { maxLength: 120, size: 'max' },
)

describe('the condition index', () => {
  it('finds exactly the conditions that are true, whatever is added and removed in between', () => {
    fc.assert(
      fc.property(steps, (script: readonly Step[]) => {
        const index = new ConditionIndex()
        const known = new Map<number, Expression>()
        for (const step of script) {
          if (step.kind === 'match') {
            expect(found(index, step.feedback)).toEqual(asked(known, step.feedback))
          } else {
            index.remove(step.id)
            known.delete(step.id)
            if (step.kind === 'remove') continue
            index.add(step.id, step.condition)
            known.set(step.id, step.condition)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('finds exactly the conditions that are true among many that share a key', () => {
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 30, maxLength: 80, size: 'max' }),
        fc.array(feedback, { minLength: 20, maxLength: 20 }),
        (conditions, records) => {
          const index = new ConditionIndex()
          const span = { start: 0, end: 0 }
          const shared = parsePredicate("product_line = '高端系列'").expression
          const all = new Map(
            conditions.map((left, id): [number, Expression] => [
              id,
              { type: 'and', left, right: shared, span },
            ]),
          )
          for (const [id, expression] of all) index.add(id, expression)
          for (const record of records) expect(found(index, record)).toEqual(asked(all, record))
        },
      ),
      { numRuns: 100 },
    )
  })

  it('finds exactly the patterns that fit among many over one text', () => {
    const pieces = fc.constantFrom('ab', 'a', 'B', 'c', 's', 'ſ', '漏水', '漏', '😀', ' ', '%', '_')
    const words = (maxLength: number): fc.Arbitrary<string> =>
      fc.array(pieces, { maxLength, size: 'max' }).map((parts) => parts.join(''))
    const like = fc
      .tuple(fc.constantFrom('', '%', '%'), words(5), fc.constantFrom('', '%', '%'), fc.boolean())
      .map(([before, word, after, insensitive]) => ({ pattern: before + word + after, insensitive }))
    fc.assert(
      fc.property(
        fc.array(like, { minLength: 20, maxLength: 60, size: 'max' }),
        fc.array(words(40), { minLength: 5, maxLength: 5 }),
        (patterns, texts) => {
          const index = new ConditionIndex()
          const all = new Map(
            patterns.map(({ pattern, insensitive }, at): [number, Expression] => [
              at,
              parsePredicate(`symptom_text ${insensitive ? 'ILIKE' : 'LIKE'} '${pattern}'`).expression,
            ]),
          )
          for (const [at, expression] of all) index.add(at, expression)
          for (const symptomText of texts) {
            const record = someFeedback({ symptomText })
            expect(found(index, record)).toEqual(asked(all, record))
          }
        },
      ),
    )
  })

  it('finds exactly the ranges that hold a number among many over one column', () => {
    const bound = fc.integer({ min: 0, max: 20 }).map((half) => half / 2)
    const range = fc.tuple(bound, bound, fc.nat(6)).map(([a, b, kind]) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      return [
        `severity_score BETWEEN ${low} AND ${high}`,
        `severity_score > ${low} AND severity_score < ${high}`,
        `severity_score >= ${low} AND severity_score < ${high}`,
        `severity_score NOT BETWEEN ${low} AND ${high}`,
        `severity_score > ${high}`,
        `${low} >= severity_score`,
        `severity_score > ${low} AND evidence_count BETWEEN 0 AND ${high}`,
      ][kind]
    })
    fc.assert(
      fc.property(fc.array(range, { minLength: 17, maxLength: 80, size: 'max' }), (texts) => {
        const all = new Map(texts.map((text, at) => [at, parsePredicate(text ?? 'TRUE').expression]))
        const index = new ConditionIndex()
        for (const [at, expression] of all) index.add(at, expression)
        for (let severityScore = 0; severityScore <= 10; severityScore += 0.25) {
          const record = someFeedback({ severityScore })
          expect(found(index, record)).toEqual(asked(all, record))
        }
      }),
    )
  })

  it('finds conditions over ever other columns, and forgets them', () => {
    const columns = [
      'region',
      'language',
      'source',
      'product_line',
      'product_model',
      'batch_number',
      'tenant',
    ]
    const texts = Array.from({ length: 2 ** columns.length }, (_, chosen) =>
      columns
        .filter((_, bit) => (chosen >> bit) & 1)
        .map((column, bit) => `${column} = '${(chosen * 31 + bit) % 2 ? 'a' : 'b'}'`)
        .join(' AND '),
    ).map((text) => parsePredicate(text === '' ? 'severity_score > 3' : text).expression)
    const value = fc.constantFrom('a', 'b')
    const record = fc.record({
      region: value,
      language: value,
      source: value,
      productLine: value,
      productModel: value,
      batchNumber: value,
      tenant: value,
    })
    fc.assert(
      fc.property(record, fc.array(fc.nat(texts.length - 1)), (fields, removed) => {
        const index = new ConditionIndex()
        const all = new Map(texts.entries())
        for (const [id, expression] of all) index.add(id, expression)
        for (const id of removed) {
          index.remove(id)
          all.delete(id)
        }
        expect(found(index, someFeedback(fields))).toEqual(asked(all, someFeedback(fields)))
      }),
    )
  })

  it('finds conditions that are too long to be looked up as a whole', () => {
    const serials = Array.from({ length: 5000 }, (_, i) => `'SN-${i}'`).join(', ')
    const either = Array.from({ length: 100 }, (_, i) => `(severity_score = ${i} AND region = 'R${i}')`)
    const index = indexOf(
      `serial_number IN (${serials})`,
      `serial_number IN (${serials}) AND product_line = '高端系列'`,
      either.join(' OR '),
      `(${either.slice(0, 10).join(' OR ')}) AND (${either.slice(3, 13).join(' OR ')})`,
    )
    const record = { serialNumber: 'SN-4711', severityScore: 5, region: 'R5' }
    expect(found(index, someFeedback(record))).toEqual([0, 1, 2, 3])
    expect(found(index, someFeedback({ ...record, serialNumber: 'SN-5000', region: 'R2' }))).toEqual([])
  })

  it('finds a condition that is not there for every feedback', () => {
    const index = new ConditionIndex()
    index.add(3, undefined)
    expect(found(index, someFeedback())).toEqual([3])
    index.remove(3)
    expect(found(index, someFeedback())).toEqual([])
  })

  it('tells an id once, however many ways there are to be true', () => {
    const index = indexOf(
      "region = 'CN-GD' OR severity_score > 3 OR symptom_text LIKE '%warm%' OR product_line LIKE '高%'",
    )
    expect(found(index, someFeedback({ region: 'CN-GD' }))).toEqual([0])
  })

  it('leaves out what is unknown', () => {
    const index = indexOf("region <> 'CN-GD'", "NOT (region = 'CN-GD')", 'region IS NULL')
    expect(found(index, someFeedback({ region: undefined }))).toEqual([2])
  })

  it('asks NOW() of every row', () => {
    const index = indexOf("product_line = '高端系列' AND last_occurrence_time > NOW() - INTERVAL '1 hour'")
    const record = someFeedback()
    const at = (now: number): readonly number[] => {
      const into: number[] = []
      index.match({ ...rowOf(record), now }, into)
      return into
    }
    expect(at(start + 3_599_999)).toEqual([0])
    expect(at(start + 3_600_000)).toEqual([])
  })

  it('takes an id again after it was removed', () => {
    const index = indexOf('severity_score > 3')
    index.remove(0)
    index.remove(0)
    index.add(0, parsePredicate('severity_score > 8').expression)
    expect(found(index, someFeedback({ severityScore: 5 }))).toEqual([])
    expect(found(index, someFeedback({ severityScore: 9 }))).toEqual([0])
  })

  it('finds ends, beginnings and words in any text, however long', () => {
    const index = indexOf(
      ...Array.from({ length: 60 }, (_, i) => `symptom_text LIKE '%word ${i}.%'`),
      "symptom_text LIKE 'It all%'",
      "symptom_text LIKE '%the end'",
      "symptom_text LIKE '%漏水%'",
      "symptom_text ILIKE '%LOUD_HUM%'",
    )
    const text = `It all began ${'x'.repeat(20_000)} with word 7. and word 33. and a loud hum, 漏水, the end`
    expect(found(index, someFeedback({ symptomText: text }))).toEqual([7, 33, 60, 61, 62, 63])
  })

  it('reads a column once, however many conditions ask for it', () => {
    let reads = 0
    const record = someFeedback()
    const watched = Object.defineProperty({ ...record }, 'region', {
      enumerable: true,
      get: () => {
        reads++
        return 'CN-GD'
      },
    })
    const index = indexOf(
      "region = 'CN-GD'",
      "region LIKE 'CN%'",
      "region <> 'DE-BY' AND severity_score > 1",
      "region || 'x' = 'CN-GDx'",
    )
    expect(found(index, watched)).toEqual([0, 1, 2, 3])
    expect(reads).toBe(1)
  })

  it('holds on to nothing that was removed', () => {
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 30 }), feedback, (conditions, record) => {
        const index = new ConditionIndex()
        for (const [id, expression] of conditions.entries()) index.add(id, expression)
        found(index, record)
        for (const id of conditions.keys()) index.remove(id)
        expect(found(index, record)).toEqual([])
      }),
    )
  })
})
