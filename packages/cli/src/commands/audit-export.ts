import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { defaultData, openLog, whichTenant } from '../audit/open.js'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../context.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'

export interface AuditExportCommand {
  /** Folder of the embedded store; default `.andon`. */
  readonly data?: string
  readonly tenant?: string
  /** A file that is not there yet; default: standard output. */
  readonly out?: string
}

const linesPerWrite = 500

/** `andon audit export`: the lines of one tenant's log as they stand, for an archive or an auditor. */
export async function auditExport(
  { data = defaultData, tenant, out }: AuditExportCommand,
  { io, tell }: CommandContext,
): Promise<ExitCode> {
  const log = await openLog(data)
  let stopped = false
  const silence = io.onSignal(() => {
    stopped = true
  })
  try {
    const tenants = (await log.heads()).map((head) => head.tenant)
    if (tenant === undefined ? tenants.length > 1 : !tenants.includes(tenant))
      throw whichTenant(tenants, tenant)
    const whose = tenant ?? tenants[0]
    const sink = out === undefined ? io.out : await newFile(out)
    let lines = 0
    let waiting: string[] = []
    const flush = async (): Promise<void> => {
      if (waiting.length > 0) sink.write(`${waiting.join('\n')}\n`)
      waiting = []
      await sink.drained?.()
    }
    for await (const line of whose === undefined ? [] : log.export(whose)) {
      waiting.push(line)
      lines++
      if (waiting.length >= linesPerWrite) await flush()
      if (stopped) break
    }
    await flush()
    if ('end' in sink) await sink.end()
    if (stopped) tell({ en: 'Stopped before the end.', zh: '提前停止，导出不完整。' })
    else if (out !== undefined) tell(done(lines, out))
    return stopped ? exitCodes.interrupted : exitCodes.ok
  } finally {
    silence()
    log.close()
  }
}

const done = (lines: number, out: string) => {
  const count = lines.toLocaleString('en-US')
  return {
    en: `${count} lines are in ${out}. Check them any time: andon audit verify --file ${out}`,
    zh: `已将 ${count} 行写入 ${out}。可随时核对：andon audit verify --file ${out}`,
  }
}

/** A new file: an export may be evidence, and is never written over. */
async function newFile(path: string) {
  const stream = createWriteStream(path, { flags: 'wx' })
  await once(stream, 'open').catch((cause: NodeJS.ErrnoException) => {
    throw new CliError(
      cause.code === 'EEXIST'
        ? {
            en: `${path} is there already; an export is never written over. Name another file.`,
            zh: `${path} 已存在；导出不会覆盖已有文件，请换一个文件名。`,
          }
        : {
            en: `${path} cannot be written: ${cause.message}.`,
            zh: `无法写入 ${path}：${cause.message}。`,
          },
      exitCodes.usage,
      { cause },
    )
  })
  return {
    write: (text: string) => void stream.write(text),
    drained: async () => {
      if (stream.writableNeedDrain) await once(stream, 'drain')
    },
    async end() {
      stream.end()
      await finished(stream)
    },
  }
}
