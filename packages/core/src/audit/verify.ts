import { type AuditCheckOptions, type AuditReport, ChainCheck } from './chain-check.js'

/**
 * Checks the chain of one tenant's audit log: that every line is byte for byte as it was written, that none is
 * missing, moved or put in, and, against an end that was kept elsewhere, that none was cut off. It goes on after a
 * problem, reads each line once and keeps none.
 *
 * Without `expect` a cut end cannot be noticed, nor a log that somebody wrote anew from the beginning: keep the head
 * of a report where who can change the log cannot change it.
 *
 * @param lines without line ends; bytes are judged as bytes (UTF-8), so that nothing is lost in decoding
 */
export async function verifyAudit(
  lines: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  options: AuditCheckOptions = {},
): Promise<AuditReport> {
  const check = new ChainCheck(options)
  if (Symbol.asyncIterator in lines) for await (const line of lines) check.add(line)
  else for (const line of lines) check.add(line)
  return check.report()
}
