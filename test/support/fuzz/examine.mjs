import {
  checkRules,
  defineRule,
  formatDiagnostics,
  parsePredicate,
  parseRulesJson,
  printRules,
  RuleError,
  rulesToJson,
} from '@andon/core/rule'

/** No text of up to 10 kB may take longer, in milliseconds of CPU time. */
const longest = 50
const measurements = 5

/**
 * @typedef {object} Seen what a run has come across so far
 * @property {number} rules texts that were valid rules
 * @property {number} predicates texts that were valid conditions
 * @property {number} slow texts that seemed slow and were measured again
 */

/**
 * Reads a text as rules and as a condition, and checks everything that holds for any text.
 *
 * @param {string} text
 * @param {Seen} seen
 * @throws Error for what does not hold
 */
export function examine(text, seen) {
  timed(
    'checkRules',
    () => examineRules(text, seen),
    () => checkRules(text),
    seen,
  )
  timed(
    'parsePredicate',
    () => examinePredicate(text, seen),
    () => predicateOf(text),
    seen,
  )
}

/**
 * @param {string} name
 * @param {() => void} work
 * @param {() => unknown} measured what counts when the work is slow
 * @param {Seen} seen
 */
function timed(name, work, measured, seen) {
  const begun = performance.now()
  work()
  if (performance.now() - begun <= longest) return
  seen.slow++
  // It may have been the garbage collector, or another program: the best of several counts, in CPU time.
  const times = Array.from({ length: measurements }, () => {
    const before = process.cpuUsage()
    measured()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  const best = Math.min(...times)
  if (best > longest) throw new Error(`${name} takes ${best.toFixed(1)} ms`)
}

/** @param {string} text @param {Seen} seen */
function examineRules(text, seen) {
  const { rules, diagnostics } = checkRules(text)
  examineDiagnostics(diagnostics, text)
  const isValid = !diagnostics.some(({ severity }) => severity === 'error')
  must(isValid || rules.length === 0, 'a text with errors gives no rules')
  if (rules.length === 0) return
  seen.rules++
  const printed = printRules(rules)
  const again = checkRules(printed)
  must(again.rules.length === rules.length, `the printed rules are not valid: ${JSON.stringify(printed)}`)
  must(meaning(again.rules) === meaning(rules), `the printed rules are others: ${JSON.stringify(printed)}`)
  must(printRules(again.rules) === printed, `the printed rules print differently: ${JSON.stringify(printed)}`)
  const throughJson = parseRulesJson(JSON.parse(JSON.stringify(rulesToJson(rules))))
  must(printRules(throughJson) === printed, 'the rules read from JSON print differently')
}

/** A tree without the places and the text that it was read from. @param {unknown} tree */
const meaning = (tree) =>
  JSON.stringify(tree, (key, value) => (key === 'span' || key === 'text' ? undefined : value))

/** @param {string} text @param {Seen} seen */
function examinePredicate(text, seen) {
  const predicate = predicateOf(text)
  if (predicate === undefined) return
  seen.predicates++
  const printed = printedPredicate(predicate)
  const again = parsePredicate(printed)
  must(
    meaning(again.expression) === meaning(predicate.expression),
    `the printed condition is another: ${printed}`,
  )
  must(printedPredicate(again) === printed, `the printed condition changes: ${printed}`)
}

/** @param {string} text */
function predicateOf(text) {
  try {
    return parsePredicate(text)
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    examineDiagnostics(error.diagnostics, text)
    return undefined
  }
}

/** @param {import('@andon/core/rule').Predicate} predicate */
function printedPredicate({ expression }) {
  const actions = [{ kind: 'escalate', params: { to: "'team'" } }]
  const [rule] = rulesToJson([defineRule({ name: 'r', where: expression, actions })]).rules
  return rule?.where ?? ''
}

/** Of how many texts one is also put into words. */
const sample = 16

/** @param {readonly import('@andon/core/rule').Diagnostic[]} diagnostics @param {string} text */
function examineDiagnostics(diagnostics, text) {
  const lines = text.split(/\r\n|\n|\r/)
  for (const { span, line, column, message } of diagnostics) {
    must(span.start >= 0 && span.start <= span.end && span.end <= text.length, 'a span lies in the text')
    must(line >= 1 && line <= lines.length, `line ${line} is one of the text`)
    must(column >= 1 && column <= (lines[line - 1] ?? '').length + 2, `column ${column} is one of its line`)
    must(message.en !== '' && message.zh !== '', 'a message has words in both languages')
  }
  if (text.length % sample !== 0) return
  formatDiagnostics(diagnostics, 'en')
  formatDiagnostics(diagnostics, 'zh')
}

/** @param {boolean} holds @param {string} sentence */
function must(holds, sentence) {
  if (!holds) throw new Error(`it does not hold: ${sentence}`)
}
