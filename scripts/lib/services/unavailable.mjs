/** A server cannot be had on this machine: tests that need it are skipped. Everything else that goes wrong fails. */
export class Unavailable extends Error {
  /** @override */
  name = 'Unavailable'
}
