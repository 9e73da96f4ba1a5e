import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { ActionKind } from '../../../src/action/kinds/kind.js'
import { actionKinds } from '../../../src/action/kinds/kinds.js'
import { defineAction } from '../../../src/define.js'
import { isAndonError } from '../../../src/errors/index.js'

const cool: ActionKind = {
  name: 'oven.cool',
  title: { en: 'Cool the oven', zh: '烤箱降温' },
  production: true,
  consequence: 'low',
  params: z.strictObject({ oven: z.string(), batch: z.string().optional() }),
  oneOf: ['oven', 'batch'],
  batchParam: 'batch',
  inverse: 'revert',
  signatures: 1,
  signaturesToReverse: 2,
  effects: () => [],
}

/** The option that is named as wrong. */
function wrong(part: object): unknown {
  try {
    defineAction({ ...cool, ...part })
  } catch (error) {
    if (isAndonError(error, 'OPTIONS_INVALID')) return error.details.option
    throw error
  }
  return undefined
}

describe('a kind of action', () => {
  it('is taken as it is written', () => expect(defineAction(cool)).toBe(cool))

  it('that changes production may have no inverse', () => {
    const { inverse: _, ...kind } = cool
    expect(defineAction(kind)).toBe(kind)
  })

  it.each([
    ['name', { name: 'Oven cool' }],
    ['name', { name: 'oven..cool' }],
    ['name', { name: 'material.hold' }],
    ['title.zh', { title: { en: 'Cool', zh: '' } }],
    ['production', { production: 'yes' }],
    ['consequence', { consequence: 'grave' }],
    ['params', { params: z.string() }],
    ['params', { params: { oven: 'text' } }],
    ['oneOf', { oneOf: ['stove'] }],
    ['batchParam', { batchParam: 'lot' }],
    ['signatures', { signatures: 0 }],
    ['signaturesToReverse', { signaturesToReverse: 1.5 }],
    ['effects', { effects: [] }],
    ['undo', { undo: 'oven.heat' }],
  ])('with a wrong %s is refused (%#)', (field, part) => {
    expect(wrong(part)).toBe(`defineAction.${field}`)
  })

  it.each(actionKinds.map((kind) => [kind.name, kind] as const))('%s is built as they are', (name, kind) => {
    expect(defineAction({ ...kind, name: `plant.${name}` }).params).toBe(kind.params)
  })
})
