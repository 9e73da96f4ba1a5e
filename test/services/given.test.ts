import { describe, expect, it } from 'vitest'
import { shown } from '../../scripts/lib/services/addresses.mjs'
import { given } from '../../scripts/lib/services/given.mjs'
import { services } from '../../scripts/lib/services.mjs'
import { listener } from './listener.js'

describe('addresses from the environment', () => {
  it('are a list of brokers, or JSON with all that a Kafka offers', () => {
    const whole = { brokers: ['kafka.test:9093'], sasl: { brokers: ['kafka.test:9094'] } }
    expect(given('kafka', { ANDON_KAFKA: 'one.test:9092, two.test:9092' })).toEqual({
      brokers: ['one.test:9092', 'two.test:9092'],
    })
    expect(given('kafka', { ANDON_KAFKA: JSON.stringify(whole) })).toEqual(whole)
  })

  it('are URLs for the other servers, and nothing where the variable is missing or empty', () => {
    const url = 'amqp://me:secret@rabbit.test/floor'
    expect(given('rabbitmq', { ANDON_RABBITMQ: url })).toEqual({ url })
    expect(given('postgres', { ANDON_POSTGRES: '' })).toBeUndefined()
    expect(given('postgres', {})).toBeUndefined()
  })

  it.each([
    ['kafka', { ANDON_KAFKA: 'me:secret' }],
    ['kafka', { ANDON_KAFKA: '{"brokers":"me:secret"}' }],
    ['kafka', { ANDON_KAFKA: '{secret' }],
    ['rabbitmq', { ANDON_RABBITMQ: 'me:secret' }],
    ['postgres', { ANDON_POSTGRES: 'host=db.test password=secret' }],
  ] as const)('that are wrong for %s are refused without repeating them', (name, environment) => {
    const [variable] = Object.keys(environment)
    expect(() => given(name, environment)).toThrow(new RegExp(`^${variable} must be (?!.*secret)`))
  })

  it('are shown without the password', () => {
    expect(shown({ url: 'postgres://me:secret@db.test:5433/andon' })).toBe('postgres://db.test:5433/andon')
  })

  it('have to answer in the protocol of the server', async () => {
    const silent = await listener((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const set = services({
      folder: silent.folder,
      environment: {
        ANDON_KAFKA: `127.0.0.1:${silent.port}`,
        ANDON_RABBITMQ: `amqp://me:secret@127.0.0.1:${silent.port}`,
        ANDON_POSTGRES: `postgres://me:secret@127.0.0.1:${silent.port}/andon`,
      },
    })
    const failure = await set.up().then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ name: 'ServicesFailed', unavailable: false, addresses: {} })
    expect(String(failure)).toMatch(
      /kafka: ANDON_KAFKA is set, but .*\nrabbitmq: ANDON_RABBITMQ is set, .*\npostgres: ANDON_POSTGRES is set, /,
    )
    expect(String(failure)).not.toContain('secret')
    expect([...(await set.status()).values()].map(({ state, way }) => [state, way])).toEqual(
      Array.from({ length: 3 }, () => ['silent', 'given']),
    )
  })
})
