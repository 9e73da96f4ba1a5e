import { createHash } from 'node:crypto'
import type { CloudEvent } from '@andon/core/connector'
import { sampleQuote, sampleStart } from './sample.js'

/** A valid event of tenant `default`: an action that succeeded. Three neighbours belong to three signals. */
export function sampleEvent(index: number, overrides: Partial<CloudEvent> = {}): CloudEvent {
  return {
    specversion: '1.0',
    id: createHash('sha256').update(`event ${index}`).digest('hex'),
    source: '/andon/default',
    type: 'io.andon.action.succeeded',
    subject: `action-${index}`,
    time: new Date(sampleStart + index * 1000).toISOString(),
    datacontenttype: 'application/json',
    data: {
      reason: { en: 'Cooling failures in the field.', zh: '市场出现制冷故障。' },
      quotes: [{ text: sampleQuote(index).text, language: sampleQuote(index).language }],
      reference: `HOLD-${index}`,
    },
    tenant: 'default',
    partitionkey: `signal-${index % 3}`,
    sequence: String(index + 1).padStart(16, '0'),
    ...overrides,
  }
}
