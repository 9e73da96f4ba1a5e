import { AndonError, type AuditHead, type AuditReport, isAndonError, verifyAudit } from '@andon/core'
import { linesOfFile } from '../audit/lines-of-file.js'
import { defaultData, openLog, whichTenant } from '../audit/open.js'
import { auditJson, auditReport } from '../audit/report.js'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../context.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { progressBar } from '../replay/progress-bar.js'

/** An end of a chain that was kept. */
export type KeptHead = Pick<AuditHead, 'sequence' | 'hash'>

export interface AuditVerifyCommand {
  /** Folder of the embedded store; default `.andon`. */
  readonly data?: string
  /** An exported log instead. */
  readonly file?: string
  readonly tenant?: string
  readonly head?: KeptHead
}

type Progress = (lines: number, share: number) => void

/** `andon audit verify`: whether the log is as it was written, and which lines are not. */
export async function auditVerify(command: AuditVerifyCommand, context: CommandContext): Promise<ExitCode> {
  const { data, file } = command
  if (file !== undefined && data !== undefined) {
    throw new CliError(
      { en: 'Give either --data or --file, not both.', zh: '--data 与 --file 只能给出其中之一。' },
      exitCodes.usage,
    )
  }
  const { io, locale, json, paint, print, tell } = context
  const bar = progressBar(io.err, locale, { en: 'lines', zh: '行' })
  const begun = performance.now()
  const stop = new AbortController()
  const silence = io.onSignal(() => stop.abort())
  const progress: Progress = (rows, share) =>
    bar.show({ rows, share, seconds: (performance.now() - begun) / 1000 })
  try {
    const reports =
      file === undefined
        ? await ofStore(data ?? defaultData, command, progress, stop.signal)
        : [await ofFile(file, command, progress, stop.signal)]
    bar.clear()
    print(
      json
        ? JSON.stringify(auditJson(reports))
        : auditReport(reports, command.head !== undefined, locale, paint),
    )
    return reports.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.invalid
  } catch (error) {
    if (!isAndonError(error, 'ABORTED')) throw error
    bar.clear()
    tell({ en: 'Stopped before the end: nothing is proven.', zh: '提前停止：未能证明任何结论。' })
    return exitCodes.interrupted
  } finally {
    bar.clear()
    silence()
  }
}

async function ofStore(
  folder: string,
  { tenant, head }: AuditVerifyCommand,
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly AuditReport[]> {
  const log = await openLog(folder)
  try {
    const tenants = (await log.heads()).map((end) => end.tenant)
    if (tenant !== undefined && head === undefined && !tenants.includes(tenant))
      throw whichTenant(tenants, tenant)
    if (tenant === undefined && head !== undefined && tenants.length > 1)
      throw whichTenant(tenants, undefined)
    const whose = tenant ?? tenants[0] ?? defaultTenant
    return await log.verify(head === undefined ? tenant : whose, {
      ...(head === undefined ? {} : { expect: [{ tenant: whose, ...head }] }),
      progress: ({ lines, of }) => progress(lines, lines / Math.max(1, of)),
      signal,
    })
  } finally {
    log.close()
  }
}

/** The tenant of an Andon whose config names none. */
const defaultTenant = 'default'

async function ofFile(
  file: string,
  { tenant, head }: AuditVerifyCommand,
  progress: Progress,
  signal: AbortSignal,
): Promise<AuditReport> {
  let rows = 0
  async function* counted(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const line of linesOfFile(file, (share) => progress(rows, share))) {
      if (signal.aborted) throw new AndonError('ABORTED')
      rows++
      yield line
    }
  }
  return verifyAudit(counted(), {
    ...(tenant === undefined ? {} : { tenant }),
    ...(head === undefined ? {} : { expect: head }),
  })
}
