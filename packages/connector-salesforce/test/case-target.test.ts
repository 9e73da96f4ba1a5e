import { isAndonError } from '@andon/core/errors'
import { describe, expect, it } from 'vitest'
import { orgOfTest } from './support/org.js'
import { commentsOf, contextOf, targetOn, updateOf } from './support/targets.js'

const fields = {
  Case: { Andon_Signal__c: { length: 255 } },
  Andon_Message__c: {
    Andon_Key__c: { externalId: true },
    Case__c: { type: 'reference', to: 'Case' },
    Kind__c: { length: 20 },
    Text__c: { type: 'textarea', length: 32_000 },
  },
} as const

describe('case.update', () => {
  it('sets the status, links the signal, notes it inside and answers the customer, and keeps the owner', async () => {
    const { org } = await orgOfTest({ fields })
    const id = org.create('Case', { Subject: 'x' })
    const before = org.record('Case', id)
    const action = updateOf(1, [id])
    const target = targetOn(org, {
      signalField: 'Andon_Signal__c',
      signalLink: (signal) => `https://andon.example/${signal}`,
    })
    const receipt = await target.execute(action, contextOf(1))
    expect(org.record('Case', id)).toMatchObject({
      Status: 'Working',
      Andon_Signal__c: `https://andon.example/${action.signalId}`,
      OwnerId: before?.OwnerId,
    })
    const comments = org.records('CaseComment')
    expect(comments.map(({ IsPublished }) => IsPublished)).toEqual([false, true])
    expect(comments[0]?.CommentBody).toContain('The compressor lot is held.')
    expect(comments[1]?.CommentBody).toMatch(/^We have found the cause\.\n\[Andon [0-9A-Z]{16} R1\/1\]$/)
    expect(receipt).toMatchObject({ reference: comments[0]?.Id, proof: { cases: 1, messages: 2, ids: [id] } })
    await target.close()
  })

  it('splits what is longer than 4,000 bytes between characters, and loses nothing', async () => {
    const { org } = await orgOfTest()
    const id = org.create('Case', { Subject: 'x' })
    const reply = '冰箱🧊不制冷'.repeat(450)
    const action = updateOf(1, [id], { reply })
    const target = targetOn(org)
    await target.execute(action, contextOf(1))
    const published = org.records('CaseComment').filter(({ IsPublished }) => IsPublished === true)
    expect(published.length).toBeGreaterThan(1)
    const bodies = published.map(({ CommentBody }) => String(CommentBody))
    for (const body of bodies) expect(Buffer.byteLength(body)).toBeLessThanOrEqual(4000)
    expect(bodies.map((body) => body.slice(0, body.lastIndexOf('\n['))).join('')).toBe(reply)
    await target.close()
  })

  it('answers hundreds of customers in a few requests', async () => {
    const { org } = await orgOfTest()
    const ids = Array.from({ length: 250 }, (_, number) => org.create('Case', { Subject: `case ${number}` }))
    const before = org.requestCount
    const target = targetOn(org, { casesOf: () => ids })
    const receipt = await target.execute(updateOf(1, []), contextOf(1))
    expect(receipt.proof).toMatchObject({ cases: 250 })
    expect(org.records('CaseComment')).toHaveLength(500)
    expect(org.requestCount - before).toBeLessThan(12)
    await target.close()
  })

  it('tries a row again that somebody holds, and only that', async () => {
    const { org } = await orgOfTest()
    const ids = [org.create('Case', { Subject: 'a' }), org.create('Case', { Subject: 'b' })]
    org.lockRows(2, { object: 'CaseComment' })
    const action = updateOf(1, ids)
    const target = targetOn(org)
    await target.execute(action, contextOf(1))
    expect(commentsOf(org, action.id)).toHaveLength(4)
    await target.close()
  })

  it('a row that is held for too long is a retryable error, and the retry writes what is missing', async () => {
    const { org } = await orgOfTest()
    const ids = [org.create('Case', { Subject: 'a' }), org.create('Case', { Subject: 'b' })]
    const action = updateOf(1, ids)
    org.lockRows(2, { id: ids[1] ?? '' })
    const target = targetOn(org, { lockTries: 2 })
    const error = await target.execute(action, contextOf(1)).catch((thrown: unknown) => thrown)
    expect(isAndonError(error, 'TARGET_UNAVAILABLE')).toBe(true)
    expect(error).toMatchObject({ retryable: true, details: { errorCode: 'UNABLE_TO_LOCK_ROW' } })
    const receipt = await target.execute(action, contextOf(2))
    expect(receipt.proof).toMatchObject({ cases: 2 })
    expect(commentsOf(org, action.id)).toHaveLength(4)
    await target.close()
  })

  it('says which cases did not take it, and reaches the others', async () => {
    const { org } = await orgOfTest()
    const [kept = '', gone = ''] = [
      org.create('Case', { Subject: 'a' }),
      org.create('Case', { Subject: 'b' }),
    ]
    org.delete('Case', gone)
    const action = updateOf(1, [kept, gone])
    const target = targetOn(org)
    const receipt = await target.execute(action, contextOf(1))
    expect(receipt.proof).toMatchObject({ cases: 1, failed: [{ case: gone, errorCode: 'NOT_FOUND' }] })
    await target.close()
  })

  it('goes to the case that is left where the other was merged into it', async () => {
    const { org } = await orgOfTest()
    const [master = '', loser = ''] = [
      org.create('Case', { Subject: 'a' }),
      org.create('Case', { Subject: 'b' }),
    ]
    org.merge('Case', master, [loser])
    const action = updateOf(1, [loser])
    const target = targetOn(org)
    await target.execute(action, contextOf(1))
    expect(org.records('CaseComment').every(({ ParentId }) => ParentId === master)).toBe(true)
    await target.close()
  })

  it('writes each message by its external id where the org has an object for them: once, even with answers lost', async () => {
    const { org } = await orgOfTest({ fields })
    const ids = [org.create('Case', { Subject: 'a' }), org.create('Case', { Subject: 'b' })]
    const messages = {
      object: 'Andon_Message__c',
      key: 'Andon_Key__c',
      case: 'Case__c',
      kind: 'Kind__c',
      text: 'Text__c',
    }
    const action = updateOf(1, ids)
    const target = targetOn(org, { messages })
    org.faults.next('cut-after', { path: '/composite', method: 'POST' })
    const error = await target.execute(action, contextOf(1)).catch((thrown: unknown) => thrown)
    expect(isAndonError(error, 'TARGET_UNAVAILABLE')).toBe(true)
    const receipt = await target.execute(action, contextOf(2))
    expect(receipt.alreadyDone).toBe(true)
    expect(org.records('Andon_Message__c')).toHaveLength(4)
    await target.close()
  })

  it('a status that the org has not is refused with those that it has', async () => {
    const { org } = await orgOfTest()
    const action = updateOf(1, [org.create('Case', { Subject: 'a' })], { status: 'Contained' })
    const target = targetOn(org)
    const error = await target.execute(action, contextOf(1)).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('New, Working, Escalated, Closed')
    await target.close()
    const translated = targetOn(org, { statuses: { Contained: 'Escalated' } })
    await translated.execute(action, contextOf(1))
    expect(org.records('Case')[0]?.Status).toBe('Escalated')
    await translated.close()
  })

  it('an action that no case of ours is behind is refused', async () => {
    const { org } = await orgOfTest()
    const target = targetOn(org, { sources: ['salesforce-us'] })
    const action = updateOf(1, [org.create('Case', { Subject: 'a' })])
    const error = await target.execute(action, contextOf(1)).catch((thrown: unknown) => thrown)
    expect(isAndonError(error, 'TARGET_REFUSED')).toBe(true)
    await target.close()
  })
})
