import { faults, lines, models } from './complaints.ts'

/**
 * A hundred rules as a plant would have them: escalations per line, watchers per model and fault over
 * sliding and tumbling windows. About one complaint in a hundred leads to an action.
 */
export function hundredRules(): string {
  const rules: string[] = []
  for (const [i, line] of lines.entries()) {
    rules.push(`CREATE RULE severe_${i} AS SELECT * FROM feedbacks
      WHERE severity_score > 8 AND last_occurrence_time > NOW() - INTERVAL '1 hour' AND product_line = '${line}'
      ESCALATE TO production_team WITH PRIORITY 1;`)
  }
  for (const [i, model] of models.entries()) {
    rules.push(`CREATE RULE fault_wave_${i} FOR STAGE assembly AS
      SELECT fault_code AS fault, COUNT(DISTINCT serial_number) AS units FROM feedbacks
      WHERE product_model = '${model}' AND severity_score >= 3
      GROUP BY fault_code WINDOW SLIDING INTERVAL '10 minutes'
      HAVING COUNT(DISTINCT serial_number) >= 2000 ONCE PER INTERVAL '1 hour'
      THEN notify (to = 'quality', text = '{units} units with {fault}') ON plant WITH PRIORITY 3;`)
  }
  for (const [i, model] of models.entries()) {
    rules.push(`CREATE RULE batch_${i} FOR STAGE quality AS
      SELECT batch_number AS batch, AVG(severity_score) AS mean FROM feedbacks
      WHERE product_model = '${model}' AND fault_code IN ('${faults[i % 12]}', '${faults[(i + 5) % 12]}')
      GROUP BY batch_number WINDOW TUMBLING INTERVAL '1 minute'
      HAVING COUNT(*) >= 40 AND AVG(severity_score) > 5
      THEN inspection.request (batch = batch, reason = 'mean severity {mean}') ON plant WITH PRIORITY 5;`)
  }
  for (let i = 0; rules.length < 100; i++) {
    rules.push(`CREATE RULE region_${i} FOR STAGE rnd AS SELECT region, COUNT(*) AS n FROM feedbacks
      WHERE fault_code = '${faults[i % 12]}' AND symptom_text LIKE '%${i % 2 ? 'compressor' : '压缩机'}%' AND severity_score > ${i % 7}
      GROUP BY region WINDOW SLIDING INTERVAL '5 minutes' HAVING COUNT(*) >= ${5000 + i * 100}
      THEN notify (to = 'rnd', text = '{n} in {region}') ON plant;`)
  }
  return rules.join('\n')
}
