import { expect, it } from 'vitest'
import { isConnectionLoss, storeFailed } from '../src/failure.js'

const withCode = (code: string): Error => Object.assign(new Error(code), { code })

it.each(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', '08006', '57P01', '57P03'])(
  '%s is a lost connection',
  (code) => {
    expect(isConnectionLoss(withCode(code))).toBe(true)
    expect(storeFailed('commit', withCode(code)).retryable).toBe(true)
  },
)

it.each(['40P01', '40001', '23505', '55P03', '57014', '53100', '25006'])(
  '%s is worth a second try',
  (code) => {
    expect(isConnectionLoss(withCode(code))).toBe(false)
    expect(storeFailed('write', withCode(code)).retryable).toBe(true)
  },
)

it.each(['28P01', '42501', '3D000', '22021', 'DEPTH_ZERO_SELF_SIGNED_CERT'])('%s is not', (code) => {
  expect(storeFailed('open', withCode(code)).retryable).toBe(false)
})
