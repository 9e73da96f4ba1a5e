/** Edm.Decimal: exact, never a float. Digits before and after the point, in units of 10^-scale. */
const form = /^(-?)(\d+)(?:\.(\d+))?$/
const scale = 14
const one = 10n ** BigInt(scale)

/** The value in units of 10⁻¹⁴, the finest that SAP has; undefined for what is no decimal. */
export function unitsOf(decimal: string): bigint | undefined {
  const parts = form.exec(decimal.trim())
  if (parts === null) return undefined
  const [, sign, whole = '0', fraction = ''] = parts
  if (/[1-9]/.test(fraction.slice(scale))) return undefined
  const units = BigInt(whole) * one + BigInt(fraction.slice(0, scale).padEnd(scale, '0'))
  return sign === '-' ? -units : units
}

/** As SAP writes it, without zeros at the end: `12.5` */
export function decimalOf(units: bigint): string {
  const size = units < 0n ? -units : units
  const fraction = (size % one).toString().padStart(scale, '0').replace(/0+$/, '')
  return `${units < 0n ? '-' : ''}${size / one}${fraction === '' ? '' : `.${fraction}`}`
}

/** The sum of the decimals; undefined when one of them is none. */
export function sumOf(decimals: readonly string[]): string | undefined {
  let sum = 0n
  for (const decimal of decimals) {
    const units = unitsOf(decimal)
    if (units === undefined) return undefined
    sum += units
  }
  return decimalOf(sum)
}
