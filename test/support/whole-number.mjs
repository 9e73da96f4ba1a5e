/**
 * What a soak's option says; ends the process with code 2 where it is no whole number from 0 on.
 *
 * @param {string} name of the option
 * @param {string} text
 * @returns {number}
 */
export function wholeNumber(name, text) {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`--${name} must be a whole number, not "${text}".`)
  process.exit(2)
}
