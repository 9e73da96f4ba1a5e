import { standardChannels } from '@andon/channels'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { start } from '../src/calendar.js'
import { writeMessage } from '../src/customers/write.js'
import { writers } from '../src/payloads/payloads.js'
import { drawFrom } from '../src/random.js'
import { channelOrder } from '../src/story/ledger.js'
import { topics } from '../src/world/failures.js'
import { drawPlace } from '../src/world/places.js'
import { drawModel } from '../src/world/products.js'
import type { Unit } from '../src/world/unit.js'

const channels = standardChannels()

function unitOf(seed: number): Unit {
  const draw = drawFrom(seed, 'unit')
  return {
    serial: `SN2603${String(draw.whole(1, 999_999)).padStart(6, '0')}`,
    ...{ model: drawModel(draw), place: drawPlace(draw), builtAt: start, readyAt: start, transport: 0 },
    batches: { compressor: 'C24-117', mainboard: 'M7-01', door_seal: 'DS-0301' },
    sealTemperature: 52,
  }
}

const decoded = (body: string): Parameters<(typeof channels)[number]['detect']>[0] => {
  const isJson = /^[[{]/.test(body)
  return isJson ? { text: body, json: JSON.parse(body) } : { text: body }
}

describe.each(channelOrder)('what is written for %s', (name) => {
  const written = fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    topic: fc.constantFrom(...topics),
    again: fc.constantFrom(0, 1),
    known: fc.boolean(),
    number: fc.integer({ min: 1, max: 9999 }),
  })

  it('is read by the parser of that channel and by no other, with its serial number and its time', async () => {
    await fc.assert(
      fc.asyncProperty(written, async ({ seed, topic, again, known, number }) => {
        const at = start + seed * 1000
        const unit = known ? unitOf(seed) : undefined
        const message = { ...writeMessage(seed, number, { at, topic, again }, unit), channel: name }
        const payload = decoded(writers[name](message).body)
        const able = channels.filter(({ detect }) => detect(payload))
        expect(able.map((channel) => channel.name)).toEqual([name])
        const drafts = await able[0]?.parse(payload)
        expect(drafts).toHaveLength(1)
        const draft = drafts?.[0]
        if (unit !== undefined) expect(draft?.serialNumber).toBe(unit.serial)
        expect(draft?.symptomText.length).toBeGreaterThan(3)
        // What the desk or its robot asks is not what the customer complains of.
        expect(draft?.symptomText).not.toMatch(/漏电或冒烟|smoke, or an|fire or smoke/)
        const received = new Date(draft?.receivedAt ?? 0).getTime()
        expect(Math.abs(received - at)).toBeLessThan(1000)
      }),
      { seed: 20260302, numRuns: 60 },
    )
  })
})
