import { describe, expect, it } from 'vitest'
import { privateServers } from '../support/private-servers.js'
import { describeWith, servers } from '../support/servers.js'

describeWith('with kafka', servers.kafka, ({ brokers }) => {
  it('x', async () => {
    expect(brokers.length).toBe(1)
  })
})
describe('private', () => {
  it('kill', { timeout: 60000 }, async () => {
    const set = privateServers()
    const a = await set.up(['postgres'])
    await set.kill('postgres', 'SIGKILL')
    const b = await set.up(['postgres'])
    expect(b).toEqual(a)
  })
})
