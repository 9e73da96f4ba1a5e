/**
 * @typedef {object} Complaint
 * @property {string} id the platform's own id
 * @property {number} at epoch ms
 * @property {string} [text]
 * @property {string} [model] absent: the customer does not say
 * @property {string} [line]
 * @property {string} [category]
 * @property {string} [serial]
 * @property {string} [compressor] batch
 * @property {string} [fault]
 * @property {number} [severity]
 * @property {string} [region]
 * @property {'zh-CN' | 'en'} [language]
 */

/** What most complaints of a test have in common: a fridge that does not cool. */
const usual = {
  text: 'The fridge stays warm.',
  model: 'KX-500',
  line: '高端系列',
  category: 'refrigerator',
  serial: 'SN-1',
  compressor: 'C-1',
  fault: 'E-COOL-01',
  severity: 6,
  region: 'CN-GD',
  language: /** @type {const} */ ('en'),
}

/** A survey submission. @param {Complaint} complaint @returns {{ body: string }} */
export function webPayload(complaint) {
  const { id, at, text, severity, language, ...facts } = { ...usual, ...complaint }
  const answers = [
    ['symptom', text],
    ['severity', severity],
    ['product_model', facts.model],
    ['product_line', facts.line],
    ['product_category', facts.category],
    ['serial_number', facts.serial],
    ['compressor_batch', facts.compressor],
    ['fault_code', facts.fault],
    ['region', facts.region],
  ]
    .filter(([, value]) => value !== '')
    .map(([field_id, value]) => ({ field_id, value }))
  const submission = { submission_id: id, collected_at: new Date(at).toISOString(), language, answers }
  return { body: JSON.stringify(submission) }
}

/** A report written in a shop. @param {Complaint} complaint @returns {{ body: string }} */
export function storePayload(complaint) {
  const { id, at, text, severity, model, line, category, serial, compressor, fault, region } = {
    ...usual,
    ...complaint,
  }
  return {
    body: JSON.stringify({
      form_id: id,
      shop_code: 'GZ-0031',
      product: { model, serial_number: serial, component_batches: { compressor } },
      product_line: line,
      product_category: category,
      description: text,
      reported_at: new Date(at).toISOString(),
      fault_code: fault,
      region,
      severity,
    }),
  }
}

/** An app's feedback widget. @param {Complaint} complaint @returns {{ body: string }} */
export function appPayload(complaint) {
  const { id, at, text, severity, model, line, category, serial, compressor, fault, region } = {
    ...usual,
    ...complaint,
  }
  return {
    body: JSON.stringify({
      event_id: id,
      timestamp: new Date(at).toISOString(),
      platform: 'other',
      level: 'info',
      tags: { product_line: line, product_category: category, fault_code: fault, region, severity },
      contexts: {
        feedback: { message: text, source: 'widget' },
        product: { model, serial_number: serial, component_batches: { compressor } },
      },
    }),
  }
}
