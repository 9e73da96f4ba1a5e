import { standardChannels } from '@andon/channels'
import { salesforceCase, salesforceCases } from '@andon/connector-salesforce'
import { createAndon, parseRules } from '@andon/core'
import { startSalesforce } from '@andon/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'
import { dataFolder } from '../support/loop.js'

const rules =
  parseRules(`CREATE RULE smoke AS SELECT product_model AS model FROM feedbacks WHERE severity_score > 8
  THEN case.update (status = 'Working', note = 'Model {model} is being looked at.', reply = 'Please unplug it.') ON crm;`)
const auth = { kind: 'client-credentials', clientId: 'andon-client', clientSecret: 'andon-secret' } as const

it('a case that is filed in Salesforce is answered in Salesforce, once, and the answer is no new complaint', async () => {
  const org = await startSalesforce()
  onTestFinished(() => org.close())
  const connection = { url: org.url, auth }
  const source = salesforceCases({
    ...connection,
    endpoint: `http://${org.pubSubEndpoint}`,
    severities: { High: 9 },
    pollMs: 200,
  })
  const target = salesforceCase(connection)
  onTestFinished(async () => {
    await source.close()
    await target.close()
  })
  const andon = createAndon({
    channels: standardChannels(),
    sources: { salesforce: source },
    targets: { crm: target },
    mode: 'auto',
    customerKey: 'one key for this test',
    rules,
    data: dataFolder(),
  })
  onTestFinished(() => andon.close())
  await andon.start()
  await vi.waitFor(() => expect(org.events.subscriptions).toHaveLength(1), { timeout: 10_000 })
  const id = org.create('Case', {
    Subject: 'It smokes',
    Description: 'Smoke at the plug at 9 °C',
    Origin: 'Phone',
    Priority: 'High',
  })
  const comments = () => org.records('CaseComment')
  await vi.waitFor(() => expect(comments()).toHaveLength(2), { timeout: 10_000 })
  expect(org.record('Case', id)).toMatchObject({ Status: 'Working' })
  expect(comments()[0]?.CommentBody).toContain('Smoke at the plug at 9 °C')
  expect(comments()[1]).toMatchObject({ ParentId: id, IsPublished: true })
  const before = org.requestCount
  await vi.waitFor(() => expect(org.requestCount).toBeGreaterThan(before + 6), { timeout: 10_000 })
  await andon.settled()
  expect(comments()).toHaveLength(2)
  expect(await andon.actions.list()).toMatchObject([{ kind: 'case.update', status: 'succeeded' }])
})
