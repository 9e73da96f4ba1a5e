import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type AuditDesk, openAudit } from '@andon/core'
import { CliError, unreadableFile } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'

/** Where `andon run` keeps its data unless its config says otherwise. */
export const defaultData = '.andon'

/**
 * Opens the audit log in a data folder for reading, beside an Andon that runs on it.
 *
 * @throws CliError exit code 2 when there is no store in that folder
 */
export async function openLog(folder: string): Promise<AuditDesk & { close(): void }> {
  const path = join(folder, 'andon.db')
  await stat(path).catch((cause: unknown) => {
    throw unreadableFile(path, cause)
  })
  return openAudit({ path })
}

/** A tenant that was asked for and has no line, or tenants of which one has to be named. */
export function whichTenant(tenants: readonly string[], asked: string | undefined): CliError {
  const list = tenants.join(', ')
  const listed = tenants.join('、')
  return new CliError(
    asked === undefined
      ? {
          en: `There are several tenants, each with a log of its own: say with --tenant which one is meant (${list}).`,
          zh: `存在多个租户，各有自己的日志：请用 --tenant 指明其中之一（${listed}）。`,
        }
      : {
          en: `The log has no line of tenant ${asked}${list === '' ? '' : `; it has lines of ${list}`}.`,
          zh: `日志中没有租户 ${asked} 的任何一行${listed === '' ? '' : `；已有租户：${listed}`}。`,
        },
    exitCodes.usage,
  )
}
