// Rules that use every clause of the language, for inputs that are nearly right.
export const corpus = [
  `CREATE RULE critical_issue_escalation AS
SELECT * FROM feedbacks
WHERE severity_score > 8
  AND last_occurrence_time > NOW() - INTERVAL '1 hour'
  AND product_line = '高端系列'
ESCALATE TO production_team WITH PRIORITY 1;`,
  `CREATE RULE compressor_batch_hold FOR STAGE assembly AS
SELECT component_batches.compressor AS batch, COUNT(DISTINCT serial_number) AS units
FROM feedbacks
WHERE fault_code IN ('E-COOL-01', 'E-COOL-02')
GROUP BY product_model, component_batches.compressor
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(DISTINCT serial_number) >= 5
ONCE PER INTERVAL '1 day'
THEN material.hold (batch = batch, reason = 'cooling failure on {units} units in 24 h') ON sap WITH PRIORITY 1;`,
  `CREATE RULE sold_then_broken AS
SELECT sale.serial_number AS serial FROM feedbacks
MATCH (sale, claim)
  WHERE sale.serial_number = claim.serial_number AND claim.severity_score >= 7
  WITHIN INTERVAL '90 days'
WITHOUT (visit) WHERE visit.serial_number = sale.serial_number WITHIN INTERVAL '3 days'
THEN notify (to = 'service', text = 'nobody came for {serial}');`,
  `CREATE RULE many_leaks AS SELECT * FROM feedbacks
WHERE symptom_text LIKE '%leak%' ESCAPE '!' OR safety_flags.leak IS TRUE
GROUP BY product_model WINDOW TUMBLING INTERVAL '1 hour' HAVING COUNT(*) > 3
RESOLVE WHEN COUNT(*) < 1 FOR INTERVAL '10 minutes' KEEP FIRING FOR INTERVAL '1 hour'
ESCALATE TO quality;
CREATE RULE some_leaks AS SELECT product_model AS model FROM feedbacks
GROUP BY product_model WINDOW SESSION INTERVAL '30 min' HAVING AVG(severity_score) BETWEEN 1 AND 10
INHIBITED BY many_leaks
ESCALATE TO quality;`,
  `CREATE RULE late_words AS SELECT * FROM feedbacks
GROUP BY region WINDOW TUMBLING INTERVAL '1 day' ON EVENT TIME LATENESS INTERVAL '2 hours' EMIT FINAL
HAVING SUM(severity_score) / COUNT(*) > -1.5e0 -- a comment
THEN inspection.request (sample_size = 3), notify (to = 'a') ON mes;`,
  `CREATE RULE last_twenty AS SELECT COUNT(*) AS n FROM feedbacks
WHERE NOT (region IS DISTINCT FROM 'x' AND product_line || '/' NOT ILIKE '%a_')
GROUP BY tenant WINDOW COUNT 20 HAVING MAX(received_at) > '2026-03-01'
ESCALATE TO "Team ""A""";`,
]

/** Words, symbols and scraps that texts are put together from. */
export const scraps = [
  ...new Set(corpus.join(' ').match(/'[^']*'|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}]/gu)),
  ...'CASE WHEN ELSE END ANY ALL FILTER (WHERE SHARE RATE PERCENTILE 0.95 LOWER UPPER LENGTH COALESCE ABS'.split(
    ' ',
  ),
  ...'NULL TRUE FALSE IN (1, 2) DESC LIMIT JOIN :: || <> != <= >= == && . .. , ; ( ) * - -- /* */ \\ \' "'.split(
    ' ',
  ),
  ...'a.b a. .5 5. 1e999 99999999999999999999 0x1F ， ； （ ） ‘ ’ “ ” ＞ ≥ 。 😀 é ﬁ İ ſ'.split(' '),
  "''",
  '""',
  "INTERVAL '1 huor'",
  "INTERVAL '24 hours'",
  '\u0000',
  '\ud800',
  '\ufeff',
  '\u2028',
  '\r\n',
  '\n',
  '\t',
  '__proto__',
  'constructor',
  'toString',
]
