/** Decimal arithmetic on text, exact: SAP sends decimals as text because floats would change them. */

const pattern = /^([+-]?)(\d+)(?:\.(\d+))?$/

export interface DecimalParts {
  readonly negative: boolean
  readonly whole: string
  readonly fraction: string
}

/** undefined when the text is no decimal. Zeros in front and at the end do not count. */
export function decimalParts(text: string): DecimalParts | undefined {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = ''] = match
  return {
    negative: sign === '-',
    whole: whole.replace(/^0+(?=\d)/, ''),
    fraction: fraction.replace(/0+$/, ''),
  }
}

const places = 15

const scaled = (text: string): bigint => {
  const parts = decimalParts(text)
  if (parts === undefined) throw new RangeError('not a decimal')
  const digits = BigInt(parts.whole + parts.fraction.slice(0, places).padEnd(places, '0'))
  return parts.negative ? -digits : digits
}

function shown(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '')
  const whole = digits.slice(0, -places)
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** Below 0, 0 or above 0. */
export function compareDecimals(left: string, right: string): number {
  const [one, other] = [scaled(left), scaled(right)]
  return one < other ? -1 : one > other ? 1 : 0
}

export const addDecimals = (left: string, right: string): string => shown(scaled(left) + scaled(right))
export const subtractDecimals = (left: string, right: string): string => shown(scaled(left) - scaled(right))
