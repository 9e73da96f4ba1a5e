import type { QuarantineRecord } from '@andon/core/connector'
import { sampleRaw, sampleStart } from './sample.js'

/** A valid quarantine record: a payload without a date that can be. */
export function sampleQuarantineRecord(
  index: number,
  overrides: Partial<QuarantineRecord> = {},
): QuarantineRecord {
  return {
    id: `quarantine-${index}`,
    tenant: 'default',
    source: 'sample',
    channel: 'web',
    at: sampleStart + index * 1000,
    problems: [
      {
        field: 'occurred_at',
        value: '1919-01-01',
        reason: { en: 'This date cannot be.', zh: '该日期不可能。' },
      },
    ],
    raw: sampleRaw(index),
    envelope: { source: 'sample', headers: { 'x-request': String(index) } },
    ...overrides,
  }
}
