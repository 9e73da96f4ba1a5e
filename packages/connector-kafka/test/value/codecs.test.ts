import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { avroCodec, httpSchemaRegistry, jsonCodec, type SchemaRegistry } from '@andon/connector-kafka'
import { AndonError } from '@andon/core/errors'
import avro from 'avsc'
import { expect, it, onTestFinished } from 'vitest'
import { PayloadReader } from '../../src/value/payload-reader.js'

const schema = JSON.stringify({
  type: 'record',
  name: 'Complaint',
  fields: [
    { name: 'orderId', type: 'string' },
    { name: 'text', type: 'string' },
    { name: 'stars', type: ['null', 'int'], default: null },
  ],
})
const complaint = { orderId: 'O-1', text: '压缩机异响', stars: 1 }

/** A registry in memory that counts what it is asked. */
function registryOf(
  schemas: Readonly<Record<number, string>>,
): SchemaRegistry & { asked: number; down: boolean } {
  return {
    asked: 0,
    down: false,
    async schema(id) {
      this.asked += 1
      if (this.down)
        throw new AndonError('SOURCE_FAILED', { details: { source: 'registry', problem: 'down' } })
      return schemas[id]
    },
    register: async () => 42,
  }
}

/** As Confluent's serializers write it. */
const confluent = (id: number, value: unknown): Buffer => {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(id, 1)
  return Buffer.concat([head, avro.Type.forSchema(JSON.parse(schema)).toBuffer(value)])
}
const message = (id: string, body: Uint8Array) => ({ id, key: id, body, headers: { traceparent: '00-1' } })
const reading = (codec: Parameters<typeof avroCodec>[0]) =>
  new PayloadReader({ channel: 'ecommerce', tenant: undefined, codec: avroCodec(codec) })
const forever = (): AbortSignal => new AbortController().signal

it('an Avro value is read with the schema of its number, which is asked for once', async () => {
  const registry = registryOf({ 7: schema })
  const messages = Array.from({ length: 50 }, (_, index) => message(`${index}`, confluent(7, complaint)))
  const payloads = await reading({ registry }).read(messages, forever())
  expect(payloads).toHaveLength(50)
  expect(payloads?.[0]).toEqual({
    body: JSON.stringify(complaint),
    channel: 'ecommerce',
    headers: { traceparent: '00-1', 'andon-schema': '7' },
    traceparent: '00-1',
  })
  expect(registry.asked).toBe(1)
})

it('what an Avro codec writes another reads', async () => {
  const registry = registryOf({ 42: schema })
  const codec = avroCodec({ registry, write: { subject: 'complaints-value', schema } })
  const bytes = await codec.encode(complaint)
  expect(Buffer.from(bytes).toString('hex')).toBe(confluent(42, complaint).toString('hex'))
  expect(await codec.decode(bytes)).toEqual({ text: JSON.stringify(complaint), schema: '42' })
})

it('values of an unknown schema, and no Avro at all, are handed on as they are with the reason', async () => {
  const registry = registryOf({ 7: schema })
  const bodies = [
    confluent(99, complaint),
    Buffer.from('{"plain":1}'),
    Buffer.alloc(0),
    confluent(7, complaint).subarray(0, 9),
  ]
  const payloads = await reading({ registry }).read(
    bodies.map((body, index) => message(`${index}`, body)),
    forever(),
  )
  expect(payloads?.map(({ body }) => body)).toEqual(bodies)
  expect(payloads?.map(({ headers }) => headers?.['andon-undecodable'])).toEqual([
    'the registry has no schema 99',
    'no Avro value with the number of its schema',
    'no Avro value with the number of its schema',
    expect.stringMatching(/truncated/),
  ])
})

it('while the registry is gone nothing is quarantined: it waits, and goes on when the registry is back', async () => {
  const registry = registryOf({ 7: schema })
  registry.down = true
  const read = reading({ registry }).read([message('1', confluent(7, complaint))], forever())
  while (registry.asked < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  registry.down = false
  expect((await read)?.[0]?.body).toBe(JSON.stringify(complaint))
})

it('waiting for a registry ends when the signal is aborted', async () => {
  const registry = registryOf({})
  registry.down = true
  const stopper = new AbortController()
  const read = reading({ registry }).read([message('1', confluent(7, complaint))], stopper.signal)
  stopper.abort()
  expect(await read).toBeUndefined()
})

it('JSON values are handed on as text, and bytes that are no text as they are', async () => {
  const reader = new PayloadReader({ channel: undefined, tenant: 'acme', codec: jsonCodec })
  const payloads = await reader.read(
    [
      { id: '1', key: '', body: Buffer.from('{"a":"起火"}'), headers: { 'andon-channel': 'web' } },
      { id: '2', key: '', body: Buffer.from([0xff, 0xfe]), headers: { 'andon-channel': 'nonsense' } },
    ],
    forever(),
  )
  expect(payloads?.map(({ body, channel, tenant }) => ({ body, channel, tenant }))).toEqual([
    { body: '{"a":"起火"}', channel: 'web', tenant: 'acme' },
    { body: Buffer.from([0xff, 0xfe]), channel: undefined, tenant: 'acme' },
  ])
})

/** A registry over HTTP, as Confluent's answers. */
async function registryServer(
  answer: (method: string, path: string, body: string, login: string | undefined) => [number, unknown],
) {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const [status, json] = answer(
        request.method ?? '',
        request.url ?? '',
        body,
        request.headers.authorization,
      )
      response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
      response.end(JSON.stringify(json))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}/registry`
}

it('a registry over HTTP gives and takes schemas, with a login that may change', async () => {
  const seen: string[] = []
  const url = await registryServer((method, path, body, login) => {
    seen.push(`${method} ${path} ${body} ${login}`)
    return method === 'POST'
      ? [200, { id: 5 }]
      : path.endsWith('/7')
        ? [200, { schema }]
        : [404, { error_code: 40403 }]
  })
  const registry = httpSchemaRegistry({ url, username: 'andon', password: async () => 'secret-of-today' })
  expect(await registry.schema(7)).toBe(schema)
  expect(await registry.schema(8)).toBeUndefined()
  expect(await registry.register('a/b-value', schema)).toBe(5)
  const basic = `Basic ${Buffer.from('andon:secret-of-today').toString('base64')}`
  expect(seen).toEqual([
    `GET /registry/schemas/ids/7  ${basic}`,
    `GET /registry/schemas/ids/8  ${basic}`,
    `POST /registry/subjects/a%2Fb-value/versions ${JSON.stringify({ schema })} ${basic}`,
  ])
})

it('a registry that is full or gone is tried again, one that refuses is not; no error shows the password', async () => {
  let status = 503
  const url = await registryServer(() => [status, {}])
  const registry = httpSchemaRegistry({ url, username: 'andon', password: 'secret-of-today' })
  await expect(registry.schema(1)).rejects.toMatchObject({ code: 'SOURCE_FAILED', retryable: true })
  status = 401
  const refused = await registry.schema(1).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: 'SOURCE_FAILED', retryable: false })
  expect(JSON.stringify(refused)).not.toContain('secret-of-today')
  const gone = httpSchemaRegistry({ url: 'http://127.0.0.1:1' })
  await expect(gone.schema(1)).rejects.toMatchObject({ code: 'SOURCE_FAILED', retryable: true })
})
