/** A digit, then whatever keeps a telephone number together. Bounded on every side. */
const phoneForms = [
  // +49 30 901820, +86-138-0013-8000: E.164 with separators.
  String.raw`\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}(?!\d)`,
  // Chinese mobile numbers.
  String.raw`(?:86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\dA-Za-z])`,
  // Chinese landlines: 010-12345678, (0755) 1234567.
  String.raw`(?:\(0\d{2,3}\) ?|0\d{2,3}[- ])\d{7,8}(?!\d)`,
  // (415) 555-0100, 415-555-0100, 400-820-8820.
  String.raw`(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?!\d)`,
]
const phoneNumber = new RegExp(String.raw`(?<![\w.+-])(?:${phoneForms.join('|')})`, 'g')

/**
 * Replaces the digits of telephone numbers by `*`; everything else, lengths included, stays. Dates,
 * serial numbers and amounts are left alone.
 */
export function maskPhoneNumbers(text: string): string {
  return text.replace(phoneNumber, (number) => number.replace(/\d/g, '*'))
}
