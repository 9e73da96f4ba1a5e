import { isPrototypeKey } from '../feedback/attributes.js'

/**
 * Whether a JSON text nests deeper than `limit`, found without parsing it. Counting the opening brackets is
 * enough for nearly every text: with at most `limit` of them nothing can be deeper.
 */
export function nestsDeeper(text: string, limit: number): boolean {
  return bracketsExceed(text, limit) && depthExceeds(text, limit)
}

function bracketsExceed(text: string, limit: number): boolean {
  let count = 0
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      count += 1
      if (count > limit) return true
    }
  }
  return false
}

function depthExceeds(text: string, limit: number): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (quoted) {
      if (code === 92) at += 1
      else if (code === 34) quoted = false
    } else if (code === 34) quoted = true
    else if (code === 123 || code === 91) {
      depth += 1
      if (depth > limit) return true
    } else if (code === 125 || code === 93) depth -= 1
  }
  return false
}

/**
 * Removes `__proto__`, `constructor` and `prototype` members at every depth, in place. The text is asked
 * first, so that a payload without those words (and without escaped ASCII, which could spell them) is not walked.
 */
export function removePrototypeKeys(text: string, json: unknown): void {
  // "proto" is in two of the three names.
  if (text.includes('proto') || text.includes('constructor') || text.includes('\\u00')) removeFrom(json)
}

/** Recursion is bounded: the depth was checked before. */
function removeFrom(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const name of Object.keys(value)) {
    if (isPrototypeKey(name) && !Array.isArray(value)) Reflect.deleteProperty(value, name)
    else removeFrom(Reflect.get(value, name))
  }
}
