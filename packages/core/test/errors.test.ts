import { describe, expect, it } from 'vitest'
import { AndonError } from '../src/errors/index.js'

const zh = (operation: string): string =>
  new AndonError('STORE_FAILED', { details: { operation, problem: 'disk full' } }).describe('zh')

describe('a store that failed', () => {
  it.each([
    ['write the journal', '存储无法写入日志：disk full。'],
    ['open /data/andon.db', '存储无法打开 /data/andon.db：disk full。'],
    ['append', '存储无法执行 append：disk full。'],
  ])('tells in Chinese what it was doing (%s)', (operation, text) => expect(zh(operation)).toBe(text))

  it('keeps the operation in its details as it was named', () => {
    const error = new AndonError('STORE_FAILED', { details: { operation: 'commit', problem: 'x' } })
    expect(error.details.operation).toBe('commit')
    expect(error.message).toBe('The store could not commit: x.')
  })
})
