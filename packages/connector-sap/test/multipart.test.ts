import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { batchBody, batchReplies } from '../src/odata/multipart.js'

const lines = (...all: readonly string[]): string => all.join('\r\n')
const answer = lines(
  '--B',
  'Content-Type: multipart/mixed; boundary=C',
  '',
  '--C',
  'Content-Type: application/http',
  'content-transfer-encoding: binary',
  '',
  'HTTP/1.1 204 No Content',
  'ETag: W/"2"',
  '',
  '',
  '--C--',
  '',
  '--B',
  'Content-Type: application/http',
  '',
  'HTTP/1.1 200 OK',
  'Content-Type: application/json',
  '',
  '{"d":{"Batch":"C-1"}}',
  '--B--',
  '',
)

describe('a batch', () => {
  it('carries a change set of one write, then the reads, ended by the boundary', () => {
    const { contentType, body } = batchBody(
      { method: 'PATCH', path: 'Batch(1)', headers: { 'if-match': 'W/"1"' }, body: '{"a":1}' },
      [{ method: 'GET', path: 'Batch(1)' }],
    )
    assert.equal(contentType, 'multipart/mixed; boundary=batch_andon')
    assert.deepEqual(body.match(/^(PATCH|GET) \S+ HTTP\/1\.1/gm), [
      'PATCH Batch(1) HTTP/1.1',
      'GET Batch(1) HTTP/1.1',
    ])
    assert.match(body, /--changeset_andon--\r\n--batch_andon\r\n/)
    assert.ok(body.endsWith('--batch_andon--\r\n'))
  })

  it('chooses a boundary that stands nowhere in the parts', () => {
    const { contentType } = batchBody({ method: 'PATCH', path: 'P', body: '"batch_andon"' }, [])
    assert.equal(contentType, 'multipart/mixed; boundary=batch_andon_')
  })

  it('reads the answers in order, those of the change set in its place', () => {
    const replies = batchReplies('multipart/mixed; boundary=B', answer)
    assert.deepEqual(
      replies?.map(({ status, headers, body }) => ({ status, etag: headers.etag, body })),
      [
        { status: 204, etag: 'W/"2"', body: undefined },
        { status: 200, etag: undefined, body: { d: { Batch: 'C-1' } } },
      ],
    )
  })

  it('reads a refused change set, which is one answer without a boundary of its own', () => {
    const refused = lines(
      '--B',
      'Content-Type: application/http',
      '',
      'HTTP/1.1 412 Precondition Failed',
      'Content-Type: application/json',
      '',
      '{"error":{"code":"X","message":{"lang":"en","value":"stale"}}}',
      '--B--',
      '',
    )
    assert.equal(batchReplies('multipart/mixed; boundary="B"', refused)?.[0]?.status, 412)
  })

  it('takes no answer that is not whole, wherever it ends', () => {
    for (let length = 0; length < answer.trimEnd().length - 1; length += 1) {
      assert.equal(
        batchReplies('multipart/mixed; boundary=B', answer.slice(0, length)),
        undefined,
        `${length} characters were enough`,
      )
    }
    assert.equal(batchReplies('multipart/mixed', answer), undefined)
  })
})
