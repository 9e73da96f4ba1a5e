/** @import { FeedbackRecord } from '@andon/core/feedback' */

/**
 * @typedef {() => number} Random numbers in [0, 1)
 */

/** @template T @param {Random} random @param {readonly T[]} choices @returns {T} */
export function pick(random, choices) {
  const chosen = choices[Math.floor(random() * choices.length)]
  if (chosen === undefined) throw new Error('there is nothing to choose from')
  return chosen
}

/** The instant that NOW() is, in both worlds. */
export const now = Date.UTC(2026, 2, 1, 8, 30, 15, 250)

export const texts = {
  product_line: [
    '高端系列',
    '经济系列',
    'Premium',
    'premium',
    'PREMIUM',
    'Ärger',
    'ärger',
    '！',
    '😀',
    'a😀b',
  ],
  product_model: ['KX-500', 'KX-520', 'kx-500', 'K_500', 'K%500', 'Z', 'z', 'é', 'É'],
  region: ['CN-GD', 'CN-SH', 'DE-BY', '华南', '华东', 'US-CA'],
  symptom: [
    '冰箱不制冷，温度 8℃',
    'too warm 😀😀',
    'It smells of 烟 & fire',
    "it's 100% broken",
    'a_b\\c',
    '  spaces  ',
    'line\nbreak',
    'Σίσυφος ΣΑΣ',
    'ﬀ ﬁ ß İ ı',
  ],
  code: ['E-COOL-01', 'E-COOL-02', 'E-NOISE-07', 'e-cool-01', '门-01'],
  compressor: ['C-1', 'C-2', 'c-1', 'C-10', '压缩机-7'],
  note: ['', ' ', 'x', 'XYZ', 'xyz', '高', '高端', '😀', '%', '_', 'n/a', "o'clock", 'é', 'e\u0301'],
  quantity: ['temperature', 'time', 'fridge', 'freezer', '温度'],
  unit: ['Cel', 'h', 'km', '%'],
  mime: ['image/png', 'image/jpeg', 'audio/wav', 'text/plain'],
  plant: ['P1', 'P2', '合肥'],
  channel: ['web', 'app', 'call', 'email', 'wechat'],
  language: ['en', 'zh-CN', 'de'],
}

/** Quarters: sums and products of them are the same in binary and in decimal. */
const quarters = (/** @type {Random} */ random, /** @type {number} */ most) =>
  Math.floor(random() * (most * 4 + 1)) / 4

/** Around NOW(), ends of months and leap days among them; whole quarters of a second. */
function instant(/** @type {Random} */ random) {
  const bases = [
    now,
    now,
    Date.UTC(2024, 1, 29, 23),
    Date.UTC(2026, 0, 31),
    Date.UTC(2026, 2, 29, 1),
    Date.UTC(2026, 9, 25, 1),
  ]
  const base = pick(random, bases)
  const spread = pick(random, [0, 3_600_000, 86_400_000, 40 * 86_400_000, 400 * 86_400_000])
  const shifted = base + Math.floor(((random() * 2 - 1) * spread) / 250) * 250
  return new Date(shifted - (((shifted % 250) + 250) % 250)).toISOString()
}

/**
 * Feedback with every column, gaps in all that may be missing, and few enough values that predicates hold for some.
 *
 * @param {number} count
 * @param {Random} random
 * @returns {readonly FeedbackRecord[]}
 */
export function randomFeedback(count, random) {
  /** @template T @param {string} key @param {() => T} make @returns {Record<string, T>} */
  const maybe = (key, make) => (random() < 0.8 ? { [key]: make() } : {})
  const chance = (/** @type {number} */ likely) => random() < likely
  return Array.from(
    { length: count },
    (_, index) =>
      /** @type {FeedbackRecord} */ ({
        feedbackId: `019ca7e5-0000-7000-8000-${String(index).padStart(12, '0')}`,
        channel: pick(random, texts.channel),
        source: 'oracle',
        sourceMessageId: String(index),
        receivedAt: instant(random),
        lastOccurrenceTime: instant(random),
        ...maybe('occurredAt', () => ({
          at: instant(random),
          precision: pick(random, ['second', 'day', 'month']),
        })),
        language: pick(random, texts.language),
        customerRole: pick(random, ['consumer', 'dealer']),
        ...maybe('region', () => pick(random, texts.region)),
        ...maybe('productLine', () => pick(random, texts.product_line)),
        ...maybe('productModel', () => pick(random, texts.product_model)),
        ...maybe('componentBatches', () => maybe('compressor', () => pick(random, texts.compressor))),
        ...maybe('manufacturedAt', () => instant(random).slice(0, 10)),
        ...maybe('productionSite', () => ({
          plant: pick(random, texts.plant),
          ...maybe('line', () => 'L1'),
        })),
        ...maybe('usageAtFailure', () => ({ value: quarters(random, 40), unit: pick(random, ['h', 'km']) })),
        symptomText: pick(random, texts.symptom),
        ...maybe('conditions', () =>
          Array.from({ length: Math.floor(random() * 4) }, () => ({
            quantity: pick(random, texts.quantity),
            ...maybe('min', () => quarters(random, 10)),
            ...maybe('unit', () => pick(random, texts.unit)),
            text: 'at night',
          })),
        ),
        ...maybe('faultCode', () => ({
          catalog: 'andon',
          code: pick(random, texts.code),
          ...maybe('confidence', () => quarters(random, 1)),
        })),
        severityScore: quarters(random, 10),
        safetyFlags: {
          fire: chance(0.3),
          injury: chance(0.1),
          electricShock: chance(0.1),
          leak: chance(0.5),
          breakdown: chance(0.5),
          reportable: chance(0.3),
        },
        ...maybe('evidence', () =>
          Array.from({ length: Math.floor(random() * 3) }, () => ({
            uri: 'file:1',
            mime: pick(random, texts.mime),
            ...maybe('confidence', () => quarters(random, 1)),
          })),
        ),
        ...maybe('satisfactionScore', () => ({ kind: 'stars', value: Math.floor(random() * 6) })),
        tenant: 'default',
        schemaVersion: 1,
        attributes: {
          ...maybe('note', () => pick(random, texts.note)),
          ...maybe('reading', () => quarters(random, 20) - 10),
          ...maybe('checked', () => chance(0.5)),
        },
        fingerprint: 'f1:oracle',
      }),
  )
}
