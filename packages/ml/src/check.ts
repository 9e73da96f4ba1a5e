import type { Localized } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'

/**
 * Refuses an argument that cannot be.
 *
 * @param argument which one, e.g. `wilsonInterval.trials`
 * @throws AndonError OPTIONS_INVALID, naming it and saying what it must be
 */
export function must(holds: boolean, argument: string, problem: Localized): asserts holds {
  if (holds) return
  throw new AndonError('OPTIONS_INVALID', {
    details: { option: argument, problem: problem.en },
    chinese: { problem: problem.zh },
  })
}

/** A number of things: 0, 1, 2 … */
export function mustCount(value: number, argument: string): void {
  must(Number.isSafeInteger(value) && value >= 0, argument, {
    en: 'must be a whole number, 0 or more',
    zh: '必须是不小于 0 的整数',
  })
}

/** At most as many as there are. */
export function mustCountOf(value: number, of: number, argument: string): void {
  mustCount(value, argument)
  must(value <= of, argument, { en: `must be at most ${of}`, zh: `不得大于 ${of}` })
}

export function mustBeFinite(value: number, argument: string): void {
  must(Number.isFinite(value), argument, { en: 'must be a finite number', zh: '必须是有限数值' })
}

export function mustNotBeNegative(value: number, argument: string): void {
  must(Number.isFinite(value) && value >= 0, argument, {
    en: 'must be a finite number, 0 or more',
    zh: '必须是不小于 0 的有限数值',
  })
}

export function mustBePositive(value: number, argument: string): void {
  must(Number.isFinite(value) && value > 0, argument, {
    en: 'must be a finite number above 0',
    zh: '必须是大于 0 的有限数值',
  })
}

/** A confidence, a level of significance: neither certain nor impossible. */
export function mustBeBetween0And1(value: number, argument: string): void {
  must(value > 0 && value < 1, argument, { en: 'must be above 0 and below 1', zh: '必须大于 0 且小于 1' })
}
