import * as fc from 'fast-check'
import { corpus, scraps } from './corpus.mjs'

/** No input is longer, in UTF-16 units. */
const longestInput = 10_000

const scrap = fc.constantFrom(...scraps)
const separator = fc.constantFrom(' ', ' ', ' ', '', '\n')

/** Scraps side by side; a few of these texts are long. */
const scrapText = fc
  .tuple(
    fc.oneof(
      { arbitrary: fc.array(scrap, { maxLength: 30 }), weight: 60 },
      { arbitrary: fc.array(scrap, { maxLength: 1500, size: 'max' }), weight: 1 },
    ),
    separator,
  )
  .map(([parts, between]) => parts.join(between))

const place = fc.double({ min: 0, max: 1, noNaN: true })
const edit = fc.oneof(
  fc.record({ kind: fc.constant('overwrite'), at: place, length: fc.nat(12), text: scrap }),
  fc.record({
    kind: fc.constant('overwrite'),
    at: place,
    length: fc.nat(3),
    text: fc.string({ unit: 'binary', maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('repeat'), at: place, length: fc.nat(40), text: fc.constant('') }),
  fc.record({ kind: fc.constant('cut'), at: place, length: fc.nat(200), text: fc.constant('') }),
)

/** @param {string} text @param {{ kind: string, at: number, length: number, text: string }} change */
function edited(text, change) {
  const from = Math.floor(change.at * text.length)
  const piece = text.slice(from, from + change.length)
  const inserted = change.kind === 'repeat' ? piece + piece : change.text
  return text.slice(0, from) + inserted + text.slice(from + change.length)
}

/** A real rule, or several, with a few slips. */
const spoiltRules = fc
  .tuple(
    fc.array(fc.constantFrom(...corpus), { minLength: 1, maxLength: 2 }),
    fc.array(edit, { maxLength: 4 }),
  )
  .map(([rules, edits]) => edits.reduce(edited, rules.join('\n')))

/** Anything that can be in a file, and anything that can be in a string. */
const rawText = fc.oneof(
  fc.uint8Array({ maxLength: 80 }).map((bytes) => new TextDecoder().decode(bytes)),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((codes) => String.fromCharCode(...codes)),
)

/** One scrap over and over: what is not linear shows itself. */
const monotonous = fc
  .tuple(
    fc.constantFrom('', 'CREATE RULE r AS SELECT * FROM feedbacks WHERE '),
    fc.array(scrap, { minLength: 1, maxLength: 3 }),
    separator,
  )
  .map(([before, parts, between]) => {
    const piece = parts.join(between) + between
    return before + piece.repeat(Math.ceil(longestInput / Math.max(1, piece.length)))
  })

const quantity = fc.constantFrom(
  'severity_score',
  'evidence_count',
  'attributes.n',
  '-1',
  '0',
  '3.5',
  '1e3',
  '(severity_score + 1)',
  '-(evidence_count % 2)',
)
const word = fc.constantFrom(
  'region',
  'product_line',
  'attributes."a b"',
  "'it''s'",
  "'😀'",
  'fault_code',
  'NULL',
)
const comparison = fc.constantFrom('=', '<>', '<', '<=', '>', '>=')
const term = fc.oneof(
  fc.tuple(quantity, comparison, quantity).map((parts) => parts.join(' ')),
  fc.tuple(word, comparison, word).map((parts) => parts.join(' ')),
  fc.tuple(word, fc.constantFrom('LIKE', 'NOT ILIKE'), word).map((parts) => parts.join(' ')),
  fc.tuple(quantity, quantity, quantity).map(([a, low, high]) => `${a} BETWEEN ${low} AND ${high}`),
  fc
    .tuple(word, fc.array(word, { minLength: 1, maxLength: 3 }))
    .map(([a, list]) => `${a} IN (${list.join(', ')})`),
  fc.constantFrom(
    'safety_flags.fire',
    "received_at > NOW() - INTERVAL '1 hour'",
    'TRUE',
    "CASE WHEN severity_score > 3 THEN region ELSE 'x' END = 'x'",
    "'Cel' = ANY (conditions.unit)",
    'EXTRACT(hour FROM received_at) > 5',
    "COALESCE(region, 'x') || LOWER(tenant) = 'x'",
  ),
)
/** Conditions that make sense more often than not. */
const condition = fc
  .array(
    fc.tuple(
      fc.constantFrom(' AND ', ' OR ', ') AND (', ') OR ('),
      fc.constantFrom('', '', 'NOT '),
      term,
      fc.constantFrom('', '', ' IS NULL'),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((terms) => {
    const parts = terms.map(
      ([by, not, inner, behind], index) => `${index === 0 ? '' : by}${not}${inner}${behind}`,
    )
    return `(${parts.join('')})`
  })
const rule = fc
  .tuple(
    fc.oneof(
      condition.map((where) => `WHERE ${where}`),
      fc.constantFrom(
        "MATCH (a, b) WHERE a.region = b.region AND a.severity_score > 3 WITHIN INTERVAL '9 days'",
        'MATCH ("A b") WHERE NOT "A b".safety_flags.fire',
      ),
    ),
    fc.constantFrom('', "WITHOUT (c) WHERE c.region = 'x' WITHIN INTERVAL '1 day'"),
    fc.constantFrom(
      '',
      'WINDOW COUNT 9 HAVING COUNT(*) > 3',
      "WINDOW SESSION INTERVAL '1 h' ON EVENT TIME LATENESS INTERVAL '1 s' EMIT FINAL HAVING COUNT(*) > 3",
      "HAVING COUNT(*) > 3 RESOLVE WHEN COUNT(*) < 1 FOR INTERVAL '1 h' KEEP FIRING FOR INTERVAL '1 s'",
      'HAVING SHARE(*) FILTER (WHERE safety_flags.fire) > 0.1 AND PERCENTILE(severity_score, 0.95) > 8',
      "WINDOW SLIDING INTERVAL '1 day' HAVING RATE(INTERVAL '1 hour') > 2",
    ),
  )
  .map((clauses) => `CREATE RULE r AS SELECT * FROM feedbacks ${clauses.join(' ')} ESCALATE TO t;`)

/** Texts to be read as rules and as conditions, from the nearly right to the absurd. */
export const inputs = fc
  .oneof(
    { arbitrary: scrapText, weight: 150 },
    { arbitrary: spoiltRules, weight: 150 },
    { arbitrary: rawText, weight: 100 },
    { arbitrary: rule, weight: 60 },
    { arbitrary: condition, weight: 40 },
    { arbitrary: monotonous, weight: 1 },
  )
  .map((text) => text.slice(0, longestInput))
