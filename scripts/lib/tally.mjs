/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 *
 * @typedef {object} UnitReport the part of vitest's JSON report that is counted
 * @property {boolean} [success]
 * @property {readonly UnitFile[]} [testResults]
 *
 * @typedef {object} UnitFile
 * @property {string} [name]
 * @property {string} [status] `passed` or `failed`
 * @property {readonly { readonly status: string }[]} [assertionResults]
 */

/** The line that ends `npm test`. @param {Tally} tally */
export const tallyLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

/**
 * Counts a vitest run. Nothing that went wrong may look like success, so also these are failures: a file that
 * could not be loaded, an error outside of every test, a run that left no report, a run without a test.
 *
 * @param {UnitReport | undefined} report
 * @param {number} exitCode of vitest
 * @returns {Tally}
 */
export function tallyUnits(report, exitCode) {
  const tally = { passed: 0, failed: 0, skipped: 0 }
  for (const { status, assertionResults = [] } of report?.testResults ?? []) {
    const failedBefore = tally.failed
    for (const assertion of assertionResults) {
      if (assertion.status === 'passed') {
        tally.passed += 1
      } else if (assertion.status === 'failed') {
        tally.failed += 1
      } else {
        tally.skipped += 1
      }
    }
    if (status === 'failed' && tally.failed === failedBefore) {
      tally.failed += 1
    }
  }
  const nothingRan = tally.passed + tally.failed + tally.skipped === 0
  if ((exitCode !== 0 || nothingRan || report?.success === false) && tally.failed === 0) {
    tally.failed = 1
  }
  return tally
}
