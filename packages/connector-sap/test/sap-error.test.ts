import assert from 'node:assert/strict'
import type { JsonValue } from '@andon/core/connector'
import { describe, it } from 'vitest'
import { createRedactor } from '../src/http/redactor.js'
import { sapError, sapProblem } from '../src/http/sap-error.js'

const v2 = {
  error: {
    code: '/IWFND/MED/170',
    message: { lang: 'en', value: 'Batch is locked' },
    innererror: {
      transactionid: 'T1',
      errordetails: [
        { code: 'A', message: 'Batch is locked' },
        { code: 'B', message: 'by user SMITH' },
      ],
    },
  },
}
const shapes: readonly {
  readonly name: string
  readonly body: JsonValue
  readonly code: string
  readonly text: string
}[] = [
  { name: 'OData V2', body: v2, code: '/IWFND/MED/170', text: 'Batch is locked' },
  {
    name: 'OData V4',
    body: { error: { code: 'QM/042', message: 'No such batch', details: [{ code: 'X', message: 'C-9' }] } },
    ...{ code: 'QM/042', text: 'No such batch' },
  },
  {
    name: 'Digital Manufacturing, first shape',
    body: { code: 'sfc.hold', message: 'SFC is done', causeMessage: 'status 405', correlationId: 'c' },
    ...{ code: 'sfc.hold', text: 'SFC is done' },
  },
  {
    name: 'Digital Manufacturing, second shape',
    body: { errorMessageKey: 'k', displayMessage: 'Not found', technicalMessage: 'no row', errorCode: '404' },
    ...{ code: '404', text: 'Not found' },
  },
]

const reply = (status: number, body: JsonValue | undefined, headers = {}) => ({
  status,
  body,
  headers,
  text: '',
})

describe('what SAP says went wrong', () => {
  it.each(shapes)('is read in the shape of $name', ({ body, code, text }) => {
    assert.deepEqual([sapProblem(body)?.code, sapProblem(body)?.text], [code, text])
  })

  it('is told once, with its further messages', () => {
    assert.deepEqual(sapProblem(v2)?.more, ['by user SMITH'])
  })

  it.each(['', null, 7, [], {}, { error: 'x' }, { message: 'm' }].map((body) => ({ body })))(
    'is nothing in $body',
    ({ body }) => {
      assert.equal(sapProblem(body as JsonValue), undefined)
    },
  )
})

describe('the error of an answer', () => {
  const { redact, keep } = createRedactor()
  const error = (status: number, body?: JsonValue, headers = {}) =>
    sapError('sap', reply(status, body, headers), { redact, keep })

  it('may be tried again after what passes by itself', () => {
    for (const status of [408, 409, 412, 423, 428, 429, 500, 502, 503, 504]) {
      assert.deepEqual(
        [error(status).code, error(status).retryable],
        ['TARGET_UNAVAILABLE', true],
        String(status),
      )
    }
  })

  it('must not be tried again after a refusal', () => {
    for (const status of [400, 401, 403, 404, 405, 415, 422]) {
      assert.deepEqual(
        [error(status).code, error(status).retryable],
        ['TARGET_REFUSED', false],
        String(status),
      )
    }
  })

  it("carries SAP's code and text, the status, and how long to wait", () => {
    assert.deepEqual(error(503, v2, { 'retry-after': '7' }).details, {
      ...{ target: 'sap', problem: 'HTTP 503, /IWFND/MED/170, Batch is locked; by user SMITH' },
      ...{
        status: 503,
        sapCode: '/IWFND/MED/170',
        sapText: 'Batch is locked; by user SMITH',
        retryAfterSeconds: 7,
      },
    })
  })

  it('says in both languages what to look at', () => {
    assert.match(error(401).describe('en'), /check user, password/)
    assert.match(error(401).describe('zh'), /请检查用户/)
    assert.match(error(403).describe('zh'), /没有权限/)
  })

  it('never repeats a secret that the system repeats', () => {
    keep('planted-secret', 'credential')
    const shown = error(500, { error: { code: 'X', message: 'login planted-secret failed' } })
    assert.ok(!JSON.stringify([shown.message, shown.details, String(shown.cause)]).includes('planted-secret'))
  })
})
