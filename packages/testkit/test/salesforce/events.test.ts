import { afterEach, describe, expect, it } from 'vitest'
import { type Salesforce, type SalesforceOptions, startSalesforce, virtualClock } from '../../src/index.js'
import { apiOf } from './api.js'
import { busClient, topic } from './bus-client.js'

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function org(options: SalesforceOptions = {}) {
  const salesforce = await startSalesforce(options)
  opened.push(salesforce)
  const api = await apiOf(salesforce)
  const bus = busClient(salesforce, api.token)
  opened.push(bus)
  const latest = async (count = 100) => {
    const stream = bus.open('Subscribe', { topicName: topic, replayPreset: 'LATEST', numRequested: count })
    await until(() => salesforce.events.streams > 0)
    return stream
  }
  const resumed = (replayId: string, count = 100) =>
    bus.open('Subscribe', {
      ...{ topicName: topic, replayPreset: 'CUSTOM', numRequested: count },
      replayId: Buffer.from(replayId, 'base64'),
    })
  return { salesforce, api, bus, latest, resumed }
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve))
}

const numbered = (salesforce: Salesforce, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => salesforce.create('Case', { Subject: `case ${at}` }))

describe('the event bus of the simulated org, seen by @grpc/grpc-js and avsc', () => {
  it('tells a new case with all its fields, and a change with the changed ones only', async () => {
    const { salesforce, latest } = await org({
      fields: { Case: { Lot__c: {}, Units__c: { type: 'double' } } },
    })
    const stream = await latest()
    const id = salesforce.create('Case', { Subject: 'It leaks', Lot__c: 'L-7', Units__c: 2.5 })
    salesforce.update('Case', id, { Lot__c: null, Status: 'Working' })
    const [created, updated] = await stream.events(2)
    expect(created?.header).toMatchObject({ entityName: 'Case', changeType: 'CREATE', recordIds: [id] })
    expect(created?.fields).toMatchObject({
      Subject: 'It leaks',
      Lot__c: 'L-7',
      Units__c: 2.5,
      Status: 'New',
    })
    expect(created?.fields).not.toHaveProperty('SystemModstamp')
    expect(updated?.header.changeType).toBe('UPDATE')
    expect(updated?.fields).toMatchObject({ Status: 'Working', Subject: null, Lot__c: null })
    expect(updated?.header.nulledFields).toHaveLength(1)
    expect(updated?.header.commitNumber).toBeGreaterThan(2n ** 53n)
  })

  it('marks in the bitmaps which fields a change is of', async () => {
    const { salesforce, bus, latest } = await org()
    const stream = await latest()
    const id = salesforce.create('Case', { Subject: 'one', Reason: 'Other' })
    salesforce.update('Case', id, { Subject: 'two', Reason: null })
    const [, updated] = await stream.events(2)
    const { schemaJson } = await bus.unary('GetSchema', { schemaId: updated?.schemaId ?? '' })
    const names: string[] = JSON.parse(schemaJson ?? '').fields.map(({ name }: { name: string }) => name)
    const named = (bitmap: readonly string[] = []) =>
      names.filter((_, at) => ((BigInt(bitmap[0] ?? '0x0') >> BigInt(at)) & 1n) === 1n)
    expect(named(updated?.header.changedFields)).toEqual(expect.arrayContaining(['Subject', 'Reason']))
    expect(named(updated?.header.nulledFields)).toEqual(['Reason'])
  })

  it('never sends more than was asked for, and counts it down', async () => {
    const { salesforce, latest } = await org({ eventsPerMessage: 4 })
    const stream = await latest(10)
    numbered(salesforce, 30)
    expect(await stream.events(10)).toHaveLength(10)
    stream.ask({ numRequested: 3 })
    expect(await stream.events(13)).toHaveLength(13)
    expect(stream.responses.map(({ pendingNumRequested }) => pendingNumRequested)).toEqual([6, 2, 0, 0])
  })

  it('takes more than 100 asked for as 100', async () => {
    const { salesforce, latest } = await org()
    const stream = await latest(100)
    stream.ask({ numRequested: 100 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    numbered(salesforce, 250)
    await stream.events(100)
    expect(stream.responses.at(-1)?.pendingNumRequested).toBe(0)
    expect(await stream.events(100)).toHaveLength(100)
  })

  it('goes on after the replay id that a client comes back with, also after its streams were cut', async () => {
    const { salesforce, latest, resumed } = await org()
    const stream = await latest()
    numbered(salesforce, 5)
    const first = await stream.events(5)
    salesforce.events.cut('unavailable')
    expect(await stream.end()).toEqual({
      ...{ code: 13, errorCode: 'sfdc.platform.eventbus.grpc.service.unavailable' },
    })
    const again = await resumed(first[2]?.replayId ?? '').events(2)
    expect(again.map(({ fields }) => fields.Subject)).toEqual(['case 3', 'case 4'])
    expect(salesforce.events.subscriptions.at(-1)).toMatchObject({ preset: 'CUSTOM', topic })
  })

  it('refuses a replay id that is not retained any more, or begins at the oldest where it is silent', async () => {
    for (const expiredReplay of ['refused', 'silent'] as const) {
      const clock = virtualClock()
      const { salesforce, latest, resumed } = await org({ clock, expiredReplay })
      const stream = await latest()
      numbered(salesforce, 1)
      const [first] = await stream.events(1)
      await clock.advance(73 * 3_600_000)
      numbered(salesforce, 2)
      const again = resumed(first?.replayId ?? '')
      if (expiredReplay === 'silent') expect(await again.events(2)).toHaveLength(2)
      else {
        expect(await again.end()).toMatchObject({
          errorCode: 'sfdc.platform.eventbus.grpc.subscription.fetch.replayid.validation.failed',
        })
      }
    }
  })

  it('refuses bytes that never were a replay id', async () => {
    const { resumed } = await org()
    expect((await resumed('AAAA').end())?.errorCode).toContain('replayid.corrupted')
  })

  it('says that it lives within 270 s, and lets go of a stream that asks for nothing for 60 s', async () => {
    const clock = virtualClock()
    const { salesforce, latest } = await org({ clock })
    const stream = await latest(1)
    await clock.advance(270_000)
    const [keepalive] = await stream.messages(1)
    expect(keepalive?.events).toEqual([])
    expect(keepalive?.latestReplayId.length).toBe(10)
    numbered(salesforce, 1)
    await stream.events(1)
    await clock.advance(60_000)
    expect((await stream.end())?.code).toBe(13)
  })

  it('cuts a stream at the message it is told to, in the way it is told to', async () => {
    for (const how of ['reset', 'socket', 'half-message', 'completed', 'unauthenticated'] as const) {
      const { salesforce, latest } = await org({ eventsPerMessage: 1 })
      const stream = await latest()
      salesforce.events.next({ kind: 'cut-before', how }, 3)
      numbered(salesforce, 5)
      const end = await stream.end()
      // What was on the wire when it was cut may be lost with it.
      expect((await stream.events(2)).length, how).toBeLessThanOrEqual(2)
      expect(end?.code === 0, how).toBe(how === 'completed')
    }
  })

  it('sends events twice, and older ones again, where it is told to', async () => {
    const { salesforce, latest } = await org({ eventsPerMessage: 1 })
    const stream = await latest()
    salesforce.events.next({ kind: 'twice' }, 2)
    salesforce.events.next({ kind: 'repeat-before', events: 2 }, 4)
    numbered(salesforce, 4)
    const subjects = (await stream.events(7)).map(({ fields }) => fields.Subject)
    expect(subjects).toEqual(['case 0', 'case 1', 'case 1', 'case 2', 'case 1', 'case 2', 'case 3'])
  })

  it('falls silent for ever, without an end, where it is told to', async () => {
    const clock = virtualClock()
    const { salesforce, latest, resumed } = await org({ clock })
    const stream = await latest()
    numbered(salesforce, 1)
    const [first] = await stream.events(1)
    salesforce.events.silence()
    numbered(salesforce, 3)
    await clock.advance(1_000_000)
    expect(stream.responses).toHaveLength(1)
    expect(await resumed(first?.replayId ?? '').events(3)).toHaveLength(3)
  })

  it('changes the schema in the middle of a stream, and keeps the old one', async () => {
    const { salesforce, latest } = await org({ fields: { Case: { Lot__c: {} } } })
    const stream = await latest()
    salesforce.create('Case', { Subject: 'before', Lot__c: 'L' })
    const name = salesforce.events.evolveSchema()
    salesforce.create('Case', { Subject: 'after', Lot__c: 'L', [name]: 'new' })
    const [before, after] = await stream.events(2)
    expect(before?.schemaId).not.toBe(after?.schemaId)
    expect(before?.fields).toMatchObject({ Subject: 'before', Lot__c: 'L' })
    expect(after?.fields).toMatchObject({ Subject: 'after', Lot__c: 'L', [name]: 'new' })
  })

  it('tells gaps by id, and an overflow without any', async () => {
    const { salesforce, latest } = await org()
    const stream = await latest()
    const id = salesforce.create('Case', { Subject: 'one' })
    salesforce.update('Case', id, { Subject: 'two' }, { gap: true })
    salesforce.events.overflow((change) => change.update('Case', id, { Subject: 'three' }))
    salesforce.events.gap('Case', 'GAP_UPDATE', ['500*'])
    const events = (await stream.events(4)).map(({ header: { changeType, recordIds } }) => [
      changeType,
      recordIds,
    ])
    expect(events.slice(1)).toEqual([
      ['GAP_UPDATE', [id]],
      ['GAP_OVERFLOW', []],
      ['GAP_UPDATE', ['500*']],
    ])
    expect(salesforce.record('Case', id)?.Subject).toBe('three')
  })

  it('tells like changes of one transaction by one event, others by numbered ones of one transaction', async () => {
    const { salesforce, latest } = await org()
    const ids = numbered(salesforce, 3)
    const stream = await latest()
    salesforce.transaction((change) => {
      for (const id of ids.slice(0, 2)) change.update('Case', id, { Status: 'Working' })
      change.update('Case', ids[2] ?? '', { Status: 'Escalated' })
    })
    const [both, other] = await stream.events(2)
    expect(both?.header.recordIds).toEqual(ids.slice(0, 2))
    expect(other?.header).toMatchObject({ sequenceNumber: 2, transactionKey: both?.header.transactionKey })
  })

  it('tells a long text that replaces a long one as a difference, which a client has to read again', async () => {
    const { salesforce, latest } = await org()
    const stream = await latest()
    const id = salesforce.create('Case', { Description: 'a'.repeat(1_500) })
    salesforce.update('Case', id, { Description: 'b'.repeat(1_500) })
    const [, updated] = await stream.events(2)
    expect(updated?.header.diffFields).toHaveLength(1)
    expect(updated?.fields.Description).toContain('@@')
  })

  it('tells of a merge by the deletes of the losers and the change of the master', async () => {
    const { salesforce, latest } = await org()
    const [master = '', loser = ''] = numbered(salesforce, 2)
    const comment = salesforce.create('CaseComment', { ParentId: loser, CommentBody: 'mine' })
    const stream = await latest()
    salesforce.merge('Case', master, [loser])
    const types = (await stream.events(2)).map(({ header }) => [header.changeType, header.recordIds[0]])
    expect(types).toEqual([
      ['DELETE', loser],
      ['UPDATE', master],
    ])
    expect(salesforce.record('Case', loser)).toMatchObject({ IsDeleted: true, MasterRecordId: master })
    expect(salesforce.record('CaseComment', comment)?.ParentId).toBe(master)
    salesforce.undelete('Case', loser)
    expect(salesforce.record('Case', loser)).toMatchObject({ IsDeleted: false, MasterRecordId: null })
  })

  it('takes what was said on a case with it, and brings it back with it', async () => {
    const { salesforce } = await org()
    const [id = ''] = numbered(salesforce, 1)
    salesforce.create('CaseComment', { ParentId: id, CommentBody: 'mine' })
    salesforce.delete('Case', id)
    expect(salesforce.records('CaseComment')).toEqual([])
    salesforce.undelete('Case', id)
    expect(salesforce.records('CaseComment')).toMatchObject([{ CommentBody: 'mine' }])
  })

  it('says who wrote through the API', async () => {
    const { salesforce, api, latest } = await org()
    const stream = await latest()
    const body = { Subject: 'by us' }
    await api.call('POST', '/sobjects/Case', { body, headers: { 'sforce-call-options': 'client=andon' } })
    const [event] = await stream.events(1)
    expect(event?.header.changeOrigin).toBe('com/salesforce/api/rest/67.0;client=andon')
    expect(event?.fields.CreatedById).toBe(salesforce.integrationUserId)
  })

  it('ends the streams of a token that has ended, and takes a new one', async () => {
    const { salesforce, api, bus, latest } = await org()
    const stream = await latest()
    salesforce.expireTokens()
    expect(await stream.end()).toMatchObject({
      ...{ code: 16, errorCode: 'sfdc.platform.eventbus.grpc.service.auth.error' },
    })
    const first = { topicName: topic, replayPreset: 'EARLIEST', numRequested: 5 }
    expect((await bus.open('Subscribe', first).end())?.code).toBe(16)
    numbered(salesforce, 1)
    expect(await bus.open('Subscribe', first, await api.logIn()).events(1)).toHaveLength(1)
  })

  it('fails GetSchema and GetTopic as often as it is told to', async () => {
    const { salesforce, bus } = await org()
    salesforce.events.failSchema(2)
    salesforce.events.failTopic()
    await expect(bus.unary('GetTopic', { topicName: topic })).rejects.toMatchObject({ code: 13 })
    const { schemaId } = await bus.unary('GetTopic', { topicName: topic })
    for (const _ of [1, 2])
      await expect(bus.unary('GetSchema', { schemaId })).rejects.toMatchObject({ code: 13 })
    expect((await bus.unary('GetSchema', { schemaId })).schemaJson).toContain('CaseChangeEvent')
    expect(salesforce.events.schemaCalls).toBe(3)
  })

  it('has no topic where change data capture is not on for the object', async () => {
    const { bus } = await org({ cdc: [] })
    await expect(bus.unary('GetTopic', { topicName: topic })).rejects.toMatchObject({ code: 7 })
  })

  it('sends several objects over a custom channel', async () => {
    const { salesforce, bus } = await org({
      cdc: ['Case', 'EmailMessage'],
      channels: { Andon__chn: ['Case', 'EmailMessage'] },
    })
    const [id = ''] = numbered(salesforce, 1)
    salesforce.create('EmailMessage', { ParentId: id, Subject: 'Re', Incoming: true })
    const first = { topicName: '/data/Andon__chn', replayPreset: 'EARLIEST', numRequested: 5 }
    const entities = (await bus.open('Subscribe', first).events(2)).map(({ header }) => header.entityName)
    expect(entities).toEqual(['Case', 'EmailMessage'])
  })

  it('stops delivering when the allocation of the day is used up', async () => {
    const { salesforce, latest } = await org({ deliveriesPerDay: 3, eventsPerMessage: 1 })
    const stream = await latest()
    numbered(salesforce, 5)
    expect((await stream.end())?.errorCode).toContain('subscription.limit.exceeded')
    expect(await stream.events(3)).toHaveLength(3)
  })

  it('goes on where a managed subscription has committed', async () => {
    const { salesforce, bus } = await org({ managed: { Andon: { start: 'EARLIEST' } } })
    numbered(salesforce, 4)
    const stream = bus.open('ManagedSubscribe', { developerName: 'Andon', numRequested: 10 })
    const seen = await stream.events(4)
    const replayId = Buffer.from(seen[1]?.replayId ?? '', 'base64')
    stream.ask({ commitReplayIdRequest: { commitRequestId: 'c1', replayId } })
    const committed = (await stream.messages(2))[1]?.commitResponse
    expect(committed).toMatchObject({ commitRequestId: 'c1', error: null })
    expect(salesforce.events.committed).toEqual({ Andon: seen[1]?.replayId })
    stream.cancel()
    const again = await bus.open('ManagedSubscribe', { developerName: 'Andon', numRequested: 10 }).events(2)
    expect(again.map(({ fields }) => fields.Subject)).toEqual(['case 2', 'case 3'])
  })

  it('forgets all replay ids at a migration, and has given new ones to what it keeps', async () => {
    const { salesforce, latest, resumed, bus } = await org()
    const stream = await latest()
    numbered(salesforce, 3)
    const [, second] = await stream.events(3)
    salesforce.events.forgetReplayIds()
    expect((await resumed(second?.replayId ?? '').end())?.code).toBe(3)
    const first = { topicName: topic, replayPreset: 'EARLIEST', numRequested: 5 }
    const fresh = await bus.open('Subscribe', first).events(3)
    expect(fresh.map(({ replayId }) => replayId)).not.toContain(second?.replayId)
  })
})
