import { describe, expect, it } from 'vitest'
import { gate } from '../../../src/action/policy/policy.js'
import { adjust, contextOf } from '../proposal.js'

describe('parameters that are not valid', () => {
  it.each([
    [
      adjust({ to: 80, from: undefined }),
      'The parameters of parameter.adjust are not valid: to (80) is outside low and high.',
      'parameter.adjust 的参数无效：to (80) 超出 low 与 high 的范围。',
    ],
    [
      adjust({ to: 65 }),
      'The parameters of parameter.adjust are not valid: to (65) is further from "from" than max_step.',
      'parameter.adjust 的参数无效：to (65) 与 from 的差超过 max_step。',
    ],
    [
      { params: { reason: 'why' } },
      'The parameters of material.hold are not valid: batch or serials must be given, one of the two.',
      'material.hold 的参数无效：batch 与 serials 必须二选一。',
    ],
    [
      adjust({ dwell: 'soon', low: 'cold', nozzle: 3 }),
      'The parameters of parameter.adjust are not valid: low (cold) is not a finite number; dwell (soon) is not a time: whole seconds, or text such as "10 minutes"; nozzle (3) is an unknown field.',
      'parameter.adjust 的参数无效：low (cold) 不是有限的数字；dwell (soon) 不是时长：应为整数秒，或如“10 minutes”的文本；nozzle (3) 是未知字段。',
    ],
  ])('are told in English and in Chinese (%#)', (action, en, zh) => {
    expect(gate(contextOf(action))).toEqual({ status: 'refused', note: { en, zh } })
  })
})
