import type { FeedbackRecord } from '@andon/core/feedback'
import { random } from './random.ts'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const regions = Array.from({ length: 34 }, (_, i) => `CN-${10 + i}`)
const faults = Array.from({ length: 40 }, (_, i) => `E-${i}`)

/**
 * `count` feedbacks of a year, `perDay` a day, about 40 models made over three years on three plants: 40 faults of falling
 * frequency, one feedback in eight a unit that was there before (half of those with the fault it had), one in ten without a
 * serial number, mainboard and compressor batches, firmware and hours of use. Batch M-7a of the mainboard has displays that
 * fail, and the detectors have that to find. Told late by up to three weeks; arrivals in order.
 */
export function fieldYear(seed: number, perDay: number): (index: number) => FeedbackRecord {
  const next = random(seed)
  const below = (end: number): number => Math.floor(next() * end)
  const seen: { serial: string; model: number; fault: number; made: number }[] = []
  return (index) => {
    const at = start + (index / perDay) * day
    const known = next() < 0.125 ? seen[below(seen.length)] : undefined
    const unit = known ?? {
      serial: `SN26${String(index).padStart(9, '0')}`,
      model: below(40),
      fault: Math.floor(faults.length * next() ** 2),
      made: at - next() * 1095 * day,
    }
    if (known === undefined) {
      if (seen.length < 20_000) seen.push(unit)
      else seen[below(seen.length)] = unit
    }
    const period = Math.floor((unit.made - start) / (60 * day)) + 20
    const mainboard = `M-${period}${unit.serial.charCodeAt(12) % 2 === 0 ? 'a' : 'b'}`
    const isBad = mainboard === 'M-7a' && next() < 0.3
    const fault = isBad
      ? 20
      : known !== undefined && next() < 0.5
        ? unit.fault
        : Math.floor(faults.length * next() ** 2)
    const line = unit.model % 6
    return record(index, at, unit.serial, {
      receivedAt: new Date(at).toISOString(),
      lastOccurrenceTime: new Date(at - next() ** 2 * 21 * day).toISOString(),
      region: regions[Math.floor(regions.length * next() ** 1.5)] ?? 'CN-10',
      productModel: `BCD-${400 + unit.model}`,
      batchNumber: `FG-${Math.floor((unit.made - start) / (7 * day))}-${unit.model}`,
      componentBatches: { mainboard, compressor: `C-${period}-${unit.serial.charCodeAt(11) % 3}` },
      manufacturedAt: new Date(unit.made).toISOString().slice(0, 10),
      productionSite: { plant: `P${line % 3}`, line: `L${line}` },
      usageAtFailure: { value: Math.round(((at - unit.made) / 3_600_000) * next()), unit: 'h' },
      faultCode: { catalog: 'andon', code: faults[fault] ?? 'E-0' },
      attributes: { firmware: `3.${Math.floor(period / 4)}`, rssi_dbm: -60 },
      ...(next() < 0.1 ? { serialNumber: undefined } : {}),
    })
  }
}

function record(
  index: number,
  at: number,
  serialNumber: string,
  facts: Omit<Partial<FeedbackRecord>, 'serialNumber'> & { serialNumber?: undefined },
): FeedbackRecord {
  const hex = Math.floor(at).toString(16).padStart(12, '0')
  const { serialNumber: none, ...others } = facts
  return {
    feedbackId: `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${index.toString(16).padStart(12, '0')}`,
    channel: index % 9 === 0 ? 'field-service' : 'app',
    source: 'bench',
    sourceMessageId: `m-${index}`,
    receivedAt: '',
    lastOccurrenceTime: '',
    language: 'zh-CN',
    customerRole: 'consumer',
    symptomText: '显示屏间歇性黑屏',
    severityScore: 5,
    safetyFlags: {
      fire: false,
      injury: false,
      electricShock: false,
      leak: false,
      breakdown: false,
      reportable: false,
    },
    tenant: 'default',
    schemaVersion: 1,
    fingerprint: `f1:${others.productModel}:${others.faultCode?.code}`,
    ...('serialNumber' in facts ? {} : { serialNumber }),
    ...others,
  }
}
