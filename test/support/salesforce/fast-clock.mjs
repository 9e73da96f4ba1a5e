/**
 * A clock that runs `speed` times as fast as the wall's, so that keepalives and retentions of hours pass in a test.
 *
 * @param {number} speed
 * @param {number} start epoch ms
 * @returns {import('@andon/core/connector').Clock}
 */
export function fastClock(speed, start = Date.parse('2026-03-01T08:00:00Z')) {
  const begun = performance.now()
  return {
    now: () => Math.floor(start + (performance.now() - begun) * speed),
    setTimer(milliseconds, callback) {
      const timer = setTimeout(callback, Math.ceil(milliseconds / speed))
      return () => clearTimeout(timer)
    },
  }
}
