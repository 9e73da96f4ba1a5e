/** The two rules of DESIGN section 5, to the letter. */
export const seedRule = `CREATE RULE critical_issue_escalation AS
SELECT * FROM feedbacks
WHERE severity_score > 8
  AND last_occurrence_time > NOW() - INTERVAL '1 hour'
  AND product_line = '高端系列'
ESCALATE TO production_team WITH PRIORITY 1;`

export const compressorRule = `CREATE RULE compressor_batch_hold FOR STAGE assembly AS
SELECT component_batches.compressor AS batch, COUNT(DISTINCT serial_number) AS units
FROM feedbacks
WHERE fault_code IN ('E-COOL-01', 'E-COOL-02')
GROUP BY product_model, component_batches.compressor
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(DISTINCT serial_number) >= 5
ONCE PER INTERVAL '1 day'
THEN material.hold (batch = batch, reason = 'cooling failure on {units} units in 24 h') ON sap WITH PRIORITY 1;`

/** A rule around one condition. */
export const ruleWhere = (condition: string): string =>
  `CREATE RULE probe AS SELECT * FROM feedbacks WHERE ${condition} ESCALATE TO team;`

/** A grouped rule around one HAVING condition. */
export const ruleHaving = (condition: string): string =>
  `CREATE RULE probe AS SELECT product_model AS model FROM feedbacks GROUP BY product_model HAVING ${condition} ESCALATE TO team;`

/** The value without spans and source text: what must be equal whichever way a rule was written. */
export function bare(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) => (key === 'span' || key === 'text' ? undefined : part)),
  )
}

/** A rule of the clauses behind FROM. */
export const ruleOf = (clauses: string, name = 'probe'): string =>
  `CREATE RULE ${name} AS SELECT * FROM feedbacks ${clauses} ESCALATE TO team;`
