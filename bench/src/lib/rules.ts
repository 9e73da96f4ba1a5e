import { faults, lines, models, regions } from './complaints.ts'

/** How much of the feedback enters a window: one complaint in eight (`serious`), or every second one (`wide`). */
export type Breadth = 'serious' | 'wide'

const breadths = {
  serious: { above: 6.6, words: 6, units: 110, failures: 45 },
  wide: { above: 5, words: 4, units: 500, failures: 300 },
} as const

/**
 * A hundred rules as a plant would have them: escalations of severe complaints per line and region, watchers
 * of serious faults per model and per compressor batch, over sliding and tumbling windows, short enough to be full
 * before the first million, so that memory is measured with full windows.
 */
export function hundredRules(breadth: Breadth = 'serious'): string {
  const { above, words, units, failures } = breadths[breadth]
  const rules: string[] = []
  for (const [i, line] of lines.entries()) {
    for (const [j, region] of regions.entries()) {
      rules.push(`CREATE RULE severe_${i}_${j} AS SELECT * FROM feedbacks
        WHERE severity_score > ${9 + (i % 2) / 2} AND last_occurrence_time > NOW() - INTERVAL '1 hour'
          AND product_line = '${line}' AND region = '${region}'
        ESCALATE TO production_team WITH PRIORITY 1;`)
    }
  }
  for (const [i, model] of models.entries()) {
    rules.push(`CREATE RULE wave_${i} FOR STAGE assembly AS
      SELECT fault_code AS fault, COUNT(DISTINCT serial_number) AS units FROM feedbacks
      WHERE product_model = '${model}' AND severity_score >= ${above}
      GROUP BY fault_code WINDOW SLIDING INTERVAL '15 seconds'
      HAVING COUNT(DISTINCT serial_number) >= ${units} ONCE PER INTERVAL '1 hour'
      THEN notify (to = 'quality', text = '{units} units with {fault}') ON plant WITH PRIORITY 3;`)
  }
  for (const [i, fault] of faults.entries()) {
    rules.push(`CREATE RULE batch_${i} FOR STAGE quality AS
      SELECT component_batches.compressor AS batch, COUNT(*) AS n, AVG(severity_score) AS mean FROM feedbacks
      WHERE fault_code = '${fault}' AND severity_score > ${above} AND component_batches.compressor IS NOT NULL
      GROUP BY component_batches.compressor WINDOW TUMBLING INTERVAL '15 seconds'
      HAVING COUNT(*) >= ${failures} AND AVG(severity_score) > ${above + 0.1}
      THEN inspection.request (batch = batch, reason = '{n} failures, mean severity {mean}') ON plant WITH PRIORITY 5;`)
  }
  for (let i = 0; rules.length < 100; i++) {
    rules.push(`CREATE RULE words_${i} FOR STAGE rnd AS SELECT region, COUNT(*) AS n FROM feedbacks
      WHERE product_model IN ('${models[i]}', '${models[i + 20]}') AND symptom_text LIKE '%${i % 2 ? 'compressor' : '压缩机'}%'
        AND severity_score > ${words}
      GROUP BY region WINDOW SLIDING INTERVAL '15 seconds' HAVING COUNT(*) >= ${(60 * units) / 110 + i} ONCE PER INTERVAL '1 hour'
      THEN notify (to = 'rnd', text = '{n} in {region}') ON plant;`)
  }
  return rules.join('\n')
}
