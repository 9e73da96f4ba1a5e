/**
 * Finds the end of canonical JSON (RFC 8785) in UTF-8 bytes, without decoding them. Each function takes the place
 * where something begins and gives the place after it, or `unclear`: it is not canonical, or of a kind that only a
 * parser can tell (numbers with more than 15 digits or an exponent, escapes in names, deep nesting).
 */
export const unclear = -1

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const nine = 0x39
const deepest = 50
/** So many survive the way into a double and back, whatever they are. */
const mostDigits = 15

const literals = ['true', 'false', 'null'].map((text) => Buffer.from(text))

/** The place after these bytes when they stand there. */
export function literalEnd(bytes: Uint8Array, at: number, literal: Uint8Array): number {
  for (let i = 0; i < literal.length; i++) if (bytes[at + i] !== literal[i]) return unclear
  return at + literal.length
}

export function stringEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== quote) return unclear
  for (let i = at + 1; i < bytes.length; ) {
    const byte = bytes[i] ?? 0
    if (byte === quote) return i + 1
    if (byte < 0x20) return unclear
    if (byte === backslash) {
      i = escapeEnd(bytes, i)
      if (i === unclear) return unclear
    } else i++
  }
  return unclear
}

/** `\"`, `\\`, `\b \f \n \r \t`, and `\u00xx` for the other control characters: anything else has another spelling. */
function escapeEnd(bytes: Uint8Array, at: number): number {
  const letter = String.fromCharCode(bytes[at + 1] ?? 0)
  if ('"\\bfnrt'.includes(letter)) return at + 2
  const code = Buffer.from(bytes.subarray(at + 2, at + 6)).toString('latin1')
  return letter === 'u' && /^00(?:0[0-7be-f]|1[0-9a-f])$/.test(code) ? at + 6 : unclear
}

/** Such a number is the shortest text of itself: up to 15 digits, no exponent, no needless zero. */
function numberEnd(bytes: Uint8Array, start: number): number {
  const isNegative = bytes[start] === minus
  let signs = isNegative ? 1 : 0
  const from = isNegative ? start + 1 : start
  let at = digitsEnd(bytes, from)
  const isZero = bytes[from] === zero
  if (at === from || (isZero && at > from + 1)) return unclear
  if (bytes[at] === point) {
    const end = digitsEnd(bytes, at + 1)
    if (end === at + 1 || bytes[end - 1] === zero) return unclear
    // 0.000001 is written so; a smaller one has an exponent.
    if (isZero && at + 6 < end && bytes.subarray(at + 1, at + 7).every((byte) => byte === zero))
      return unclear
    at = end
    signs++
  } else if (isZero && isNegative) return unclear
  const next = bytes[at]
  // e, E
  return at - start - signs > mostDigits || next === 0x65 || next === 0x45 ? unclear : at
}

function digitsEnd(bytes: Uint8Array, at: number): number {
  let end = at
  for (;;) {
    const byte = bytes[end] ?? 0
    if (byte < zero || byte > nine) return end
    end++
  }
}

export function objectEnd(bytes: Uint8Array, start: number, depth = 0): number {
  if (bytes[start] !== 0x7b || depth > deepest) return unclear
  if (bytes[start + 1] === 0x7d) return start + 2
  let before = 0
  let beforeEnd = 0
  for (let at = start + 1; ; at++) {
    const nameEnd = stringEnd(bytes, at)
    if (nameEnd === unclear || bytes[nameEnd] !== colon) return unclear
    if (!isAfter(bytes, before, beforeEnd, at, nameEnd)) return unclear
    before = at
    beforeEnd = nameEnd
    const end = valueEnd(bytes, nameEnd + 1, depth)
    if (end === unclear) return unclear
    if (bytes[end] === 0x7d) return end + 1
    if (bytes[end] !== comma) return unclear
    at = end
  }
}

function arrayEnd(bytes: Uint8Array, start: number, depth: number): number {
  if (depth > deepest) return unclear
  if (bytes[start + 1] === 0x5d) return start + 2
  for (let at = start + 1; ; at++) {
    const end = valueEnd(bytes, at, depth)
    if (end === unclear) return unclear
    if (bytes[end] === 0x5d) return end + 1
    if (bytes[end] !== comma) return unclear
    at = end
  }
}

function valueEnd(bytes: Uint8Array, at: number, depth: number): number {
  switch (bytes[at]) {
    case quote:
      return stringEnd(bytes, at)
    case 0x7b:
      return objectEnd(bytes, at, depth + 1)
    case 0x5b:
      return arrayEnd(bytes, at, depth + 1)
    case 0x74:
    case 0x66:
    case 0x6e:
      for (const literal of literals) {
        const end = literalEnd(bytes, at, literal)
        if (end !== unclear) return end
      }
      return unclear
    default:
      return numberEnd(bytes, at)
  }
}

/**
 * Whether one name comes after another in UTF-16 code units. Bytes of UTF-8 have the same order where no name has a
 * byte from 0xee on: only there stand the characters that UTF-16 orders otherwise.
 */
function isAfter(bytes: Uint8Array, before: number, beforeEnd: number, at: number, end: number): boolean {
  for (let i = at; i < end; i++) {
    const byte = bytes[i] ?? 0
    if (byte >= 0xee || byte === backslash) return false
  }
  const shorter = Math.min(beforeEnd - before, end - at) - 1
  for (let i = 0; i < shorter; i++) {
    const difference = (bytes[at + i] ?? 0) - (bytes[before + i] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return end - at > beforeEnd - before
}
