import { describe, expect, it } from 'vitest'
import { compressor, roots, s4Given } from '../support/s4-given.js'

const type = 'multipart/mixed; boundary=b1'
const read = (target: string): string =>
  [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    `GET ${target} HTTP/1.1`,
    'Accept: application/json',
    '',
    '',
  ].join('\r\n')
const change = (method: string, target: string, body: unknown, headers: readonly string[] = []): string => {
  const text = JSON.stringify(body)
  return [
    ...['Content-Type: application/http', 'Content-Transfer-Encoding: binary', 'Content-ID: 1', ''],
    ...[`${method} ${target} HTTP/1.1`, 'Content-Type: application/json', ...headers],
    ...[`Content-Length: ${Buffer.byteLength(text)}`, '', text],
  ].join('\r\n')
}
const multipart = (boundary: string, parts: readonly string[]): string =>
  `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`
const changeSet = (...parts: readonly string[]): string =>
  `Content-Type: multipart/mixed; boundary=c1\r\n\r\n${multipart('c1', parts)}`

const statuses = (text: string): readonly string[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status = '']) => status)

describe('$batch', () => {
  it('reads several things in one round trip', async () => {
    const { write } = await s4Given()
    const body = multipart('b1', [
      read(compressor),
      read("Batch?$filter=Batch%20eq%20'C-2'"),
      read(`${roots.batch}/Batch/$count`),
      read('Nothing'),
    ])
    const answer = await write('POST', 'batch', '$batch', body, { 'content-type': type })
    expect(answer.status).toBe(202)
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=/)
    expect(statuses(answer.text)).toEqual(['200', '200', '200', '404'])
    expect(answer.text).toContain('"Batch":"C-2"')
  })

  it('does all changes of a set or none', async () => {
    const { write, etag, s4 } = await s4Given()
    const other = compressor.replace('C-1', 'C-2')
    const held = { MatlBatchIsInRstrcdUseStock: true }
    const ifMatch = [`If-Match: ${await etag('batch', compressor)}`]
    const send = (second: readonly string[]) =>
      write(
        'POST',
        'batch',
        '$batch',
        multipart('b1', [
          changeSet(change('PATCH', compressor, held, ifMatch), change('PATCH', other, held, second)),
        ]),
        { 'content-type': type },
      )
    const refused = await send([])
    expect([refused.status, statuses(refused.text)]).toEqual([202, ['428']])
    const restricted = () => s4.state().batches.map((row) => row.MatlBatchIsInRstrcdUseStock)
    expect(restricted()).toEqual([false, false])
    expect(s4.changes.filter(({ kind }) => kind === 'changed')).toEqual([])
    expect(statuses((await send(['If-Match: *'])).text)).toEqual(['204', '204'])
    expect(restricted()).toEqual([true, true])
  })

  it('meets a stale ETag inside of it as well', async () => {
    const { write, etag, s4 } = await s4Given()
    const ifMatch = [`If-Match: ${await etag('batch', compressor)}`]
    const body = multipart('b1', [changeSet(change('PATCH', compressor, { Supplier: 'S' }, ifMatch))])
    s4.faults.next('etag-stale')
    expect(statuses((await write('POST', 'batch', '$batch', body, { 'content-type': type })).text)).toEqual([
      '412',
    ])
  })

  it.each([
    ['batch-change-refused', ['403', '200'], false],
    ['batch-change-failed', ['500', '200'], false],
    ['batch-read-refused', ['204', '403'], true],
    ['batch-read-failed', ['204', '500'], true],
  ] as const)('meets %s in the one part only', async (fault, expected, done) => {
    const { write, etag, s4 } = await s4Given()
    const held = { MatlBatchIsInRstrcdUseStock: true }
    const ifMatch = [`If-Match: ${await etag('batch', compressor)}`]
    s4.faults.next(fault)
    const noChange = multipart('b1', [read(compressor)])
    if (!fault.includes('read')) {
      const answer = await write('POST', 'batch', '$batch', noChange, { 'content-type': type })
      expect([statuses(answer.text), s4.faults.waiting]).toEqual([['200'], 1])
    }
    const body = multipart('b1', [changeSet(change('PATCH', compressor, held, ifMatch)), read(compressor)])
    const answer = await write('POST', 'batch', '$batch', body, { 'content-type': type })
    expect([answer.status, statuses(answer.text), s4.faults.waiting]).toEqual([202, expected, 0])
    expect(s4.state().batches[0]?.MatlBatchIsInRstrcdUseStock).toBe(done)
  })

  it.each([
    ['another content type', 'x', 'application/json', 415],
    [
      'no last boundary',
      '--b1\r\nContent-Type: application/http\r\n\r\nGET Batch HTTP/1.1\r\n\r\n',
      type,
      400,
    ],
    ['a change outside of a set', multipart('b1', [change('PATCH', compressor, {})]), type, 400],
    ['a read inside of a set', multipart('b1', [changeSet(read('Batch'))]), type, 400],
    ['another service', multipart('b1', [read(`${roots.order}/A_ProductionOrder_2`)]), type, 400],
    ['a part that is no request', multipart('b1', ['Content-Type: text/plain\r\n\r\nhello']), type, 400],
  ])('is refused with %s', async (_case, body, contentType, status) => {
    const { write } = await s4Given()
    expect((await write('POST', 'batch', '$batch', body, { 'content-type': contentType })).status).toBe(
      status,
    )
  })
})
