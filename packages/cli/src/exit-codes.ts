/** What the command's exit code means; the help prints the same table. */
export const exitCodes = {
  ok: 0,
  /** The rules, the mapping or the config are not valid, a rule test failed, the audit log was changed, or the plant differs. */
  invalid: 1,
  /** Wrong use of the command, or a file that cannot be read. */
  usage: 2,
  /** Something failed while running. */
  failed: 3,
  /** Stopped by a signal before it was done. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
