import { generateKeyPairSync } from 'node:crypto'
import { isAndonError } from '@andon/core/errors'
import { describe, expect, it } from 'vitest'
import { orgOfTest } from './support/org.js'
import { contextOf, targetOn, updateOf } from './support/targets.js'

const failureOf = (work: Promise<unknown>): Promise<unknown> => work.catch((thrown: unknown) => thrown)

describe('logging in', () => {
  it('by a signed assertion, with a key that a vault serves', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const { org } = await orgOfTest({
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const auth = { kind: 'jwt', clientId: 'andon-client', username: 'andon@example.com' } as const
    const target = targetOn(org, { auth: { ...auth, privateKey: async () => pem } })
    expect(await target.check()).toEqual({ ok: true })
    expect(org.tokens.jwt).toBe(1)
    await target.close()
  })

  it('by a refresh token, of which each is used once and the next is kept', async () => {
    const { org } = await orgOfTest()
    const kept: string[] = []
    const auth = { kind: 'refresh-token', clientId: 'andon-client', refreshToken: 'refresh-0' } as const
    const target = targetOn(org, { auth: { ...auth, onRotated: (token) => void kept.push(token) } })
    const action = updateOf(1, [org.create('Case', { Subject: 'x' })])
    await target.execute(action, contextOf(1))
    org.expireTokens()
    await target.execute(action, contextOf(2))
    expect(org.tokens.refresh).toBe(2)
    expect(new Set(kept).size).toBe(2)
    await target.close()
    const restarted = targetOn(org, { auth: { ...auth, refreshToken: kept.at(-1) ?? '' } })
    expect(await restarted.check()).toEqual({ ok: true })
    await restarted.close()
  })

  it('once for all calls that wait for it', async () => {
    const { org } = await orgOfTest()
    const target = targetOn(org)
    const actions = Array.from({ length: 8 }, (_, index) =>
      updateOf(index, [org.create('Case', { Subject: `case ${index}` })]),
    )
    await Promise.all(actions.map((action) => target.execute(action, contextOf(1))))
    expect(org.tokens.clientCredentials).toBe(1)
    await target.close()
  })

  it('says what is wrong, and never the secret', async () => {
    const { org } = await orgOfTest()
    const auth = {
      kind: 'client-credentials',
      clientId: 'andon-client',
      clientSecret: 'a-wrong-secret',
    } as const
    const target = targetOn(org, { auth })
    const action = updateOf(1, [org.create('Case', { Subject: 'x' })])
    const error = await failureOf(target.execute(action, contextOf(1)))
    expect(isAndonError(error, 'TARGET_REFUSED')).toBe(true)
    expect(String(error)).toContain('does not accept the connected app')
    expect(JSON.stringify([String(error), error])).not.toContain('a-wrong-secret')
    await target.close()
  })

  it('a vault that fails is a retryable error without its words', async () => {
    const { org } = await orgOfTest()
    const clientSecret = (): string => {
      throw new Error('vault token s.12345 expired')
    }
    const target = targetOn(org, {
      auth: { kind: 'client-credentials', clientId: 'andon-client', clientSecret },
    })
    const action = updateOf(1, [org.create('Case', { Subject: 'x' })])
    const error = await failureOf(target.execute(action, contextOf(1)))
    expect(error).toMatchObject({ code: 'TARGET_UNAVAILABLE', retryable: true })
    expect(String(error)).not.toContain('12345')
    await target.close()
  })
})
