import { origin, speed } from './work.mjs'

/** @typedef {import('@andon/core/connector').Clock} Clock */

/** @type {Clock['setTimer']} */
const setTimer = (milliseconds, callback) => {
  const timer = setTimeout(callback, milliseconds / speed)
  return () => clearTimeout(timer)
}

/** Runs evenly, faster than real time. @param {number} begun real epoch ms at which it shows the origin @returns {Clock} */
export const evenClock = (begun) => ({ now: () => origin + (Date.now() - begun) * speed, setTimer })

/**
 * The same, but it jumps; timers do not, as those of an operating system do not.
 *
 * @param {number} begun
 * @param {number} offset by which it is ahead already (ms)
 * @returns {Clock & { jump(milliseconds: number): void }}
 */
export function jumpingClock(begun, offset) {
  const even = evenClock(begun)
  let ahead = offset
  return {
    now: () => even.now() + ahead,
    setTimer,
    jump(milliseconds) {
      ahead += milliseconds
    },
  }
}
