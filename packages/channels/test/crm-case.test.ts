import { standardChannels } from '@andon/channels'
import { channelNames } from '@andon/core/feedback'
import { describe, expect, it } from 'vitest'

const channels = standardChannels()
const caseOf = (channel: string, more: object = {}) => ({
  text: '',
  json: {
    crmCase: 1,
    system: 'salesforce',
    channel,
    kind: 'case',
    id: '500000000000001AAA',
    said: 'It smokes, call me at 13800138000',
    at: '2026-03-01T08:00:00.000Z',
    facts: { productModel: 'KX-500', 'componentBatches.compressor': 'C-7', customer: '003000000000001AAA' },
    change: { type: 'UPDATE', at: '2026-03-01T09:00:00.000Z' },
    record: { Id: '500000000000001AAA', CaseNumber: '00001001', SuppliedName: 'Li Lei', Status: 'New' },
    ...more,
  },
})

describe("a CRM's case", () => {
  it.each([...channelNames])('that came in by %s is read by that channel alone', async (name) => {
    const payload = caseOf(name)
    expect(channels.filter((channel) => channel.detect(payload)).map((channel) => channel.name)).toEqual([
      name,
    ])
    const drafts = await channels.find((channel) => channel.name === name)?.parse(payload)
    expect(drafts).toHaveLength(1)
    expect(drafts?.[0]).toMatchObject({
      sourceMessageId: '500000000000001AAA',
      productModel: 'KX-500',
      componentBatches: { compressor: 'C-7' },
      customer: '003000000000001AAA',
      attributes: {
        CaseNumber: '00001001',
        Status: 'New',
        changeType: 'UPDATE',
        caseId: '500000000000001AAA',
      },
    })
    // Names and numbers stay out of the feedback.
    expect(JSON.stringify(drafts)).not.toMatch(/Li Lei|13800138000/)
  })

  it('without a word in it, or with a severity that is none, is refused by the name of the field', async () => {
    const web = channels.find(({ name }) => name === 'web')
    expect(() => web?.parse(caseOf('web', { said: ' ' }))).toThrow('said')
    expect(() => web?.parse(caseOf('web', { severity: 11 }))).toThrow('severity')
  })
})
