const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The three letters that make a case-sensitive id of 15 readable without case: which of its letters are capitals. */
function suffixOf(id15: string): string {
  let suffix = ''
  for (const start of [0, 5, 10]) {
    let bits = 0
    for (let at = 0; at < 5; at += 1) {
      const letter = id15[start + at] ?? ''
      if (letter >= 'A' && letter <= 'Z') bits |= 1 << at
    }
    suffix += letters[bits] ?? ''
  }
  return suffix
}

/** The `count`-th id of an object: 18 characters. */
export function idOf(prefix: string, count: number): string {
  let digits = ''
  for (let left = count; left > 0; left = Math.floor(left / 62)) digits = (base62[left % 62] ?? '') + digits
  const id15 = `${prefix}5g0${digits.padStart(9, '0')}`
  return id15 + suffixOf(id15)
}

/** An id of 15 or 18 characters as one of 18; undefined when it is none. */
export function id18(id: string): string | undefined {
  if (!/^(?:[A-Za-z0-9]{15}|[A-Za-z0-9]{18})$/.test(id)) return undefined
  const id15 = id.slice(0, 15)
  return id15 + suffixOf(id15)
}
