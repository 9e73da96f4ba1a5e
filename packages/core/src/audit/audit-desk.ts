import { setImmediate } from 'node:timers/promises'
import type { AuditHead } from '../connector/audit.js'
import { AndonError } from '../errors/index.js'
import { type AuditReport, ChainCheck } from './chain-check.js'

export interface AuditVerifyOptions {
  /** Ends that were kept elsewhere, as `heads()` gave them: each of these chains must have got so far, and to that hash. */
  readonly expect?: readonly AuditHead[]
  /** Told now and then; `of` is how many lines there are in all. */
  readonly progress?: (done: { readonly lines: number; readonly of: number }) => void
  readonly signal?: AbortSignal
}

/** What has been done and decided, and the proof that the record of it is whole: one chain of lines per tenant. */
export interface AuditDesk {
  /**
   * Goes along the chain of a tenant, or of every tenant; one report each.
   *
   * @throws AndonError ABORTED
   */
  verify(tenant?: string, options?: AuditVerifyOptions): Promise<readonly AuditReport[]>
  /** The lines of a tenant's chain, the oldest first, without line ends: joined by `\n` they are NDJSON. */
  export(tenant: string): AsyncGenerator<string, void, undefined>
  /** The end of every chain. Kept where who can change the log cannot change them, they prove it whole. */
  heads(): Promise<readonly AuditHead[]>
}

/** Where the lines are; a store that can give their bytes leaves nothing to a decoder. */
export interface AuditLines {
  read(
    tenant: string,
    from: number,
    limit: number,
  ): Promise<
    readonly { readonly sequence: number; readonly hash: string; readonly text: string | Uint8Array }[]
  >
  heads(): Promise<readonly AuditHead[]>
}

const pageSize = 500

export function auditDesk(source: AuditLines): AuditDesk {
  async function* pages(
    tenant: string,
  ): AsyncGenerator<Awaited<ReturnType<AuditLines['read']>>, void, undefined> {
    for (let from = 1; ; ) {
      const page = await source.read(tenant, from, pageSize)
      const last = page.at(-1)
      if (last === undefined) return
      yield page
      from = last.sequence + 1
      // A store may answer without leaving this turn: the host goes on meanwhile.
      await setImmediate()
    }
  }

  return {
    async verify(tenant, { expect = [], progress, signal } = {}) {
      const heads = await source.heads()
      const all = new Set([...heads, ...expect].map((head) => head.tenant))
      const tenants = tenant === undefined ? [...all].sort() : [tenant]
      const of = heads.reduce((sum, head) => sum + (tenants.includes(head.tenant) ? head.sequence : 0), 0)
      const reports: AuditReport[] = []
      let lines = 0
      for (const one of tenants) {
        const kept = expect.find((head) => head.tenant === one)
        const check = new ChainCheck({ tenant: one, ...(kept === undefined ? {} : { expect: kept }) })
        for await (const page of pages(one)) {
          if (signal?.aborted === true) throw new AndonError('ABORTED')
          for (const { text, hash } of page) check.add(text, hash)
          lines += page.length
          progress?.({ lines, of: Math.max(lines, of) })
        }
        reports.push(check.report())
      }
      return reports
    },
    async *export(tenant) {
      for await (const page of pages(tenant)) {
        for (const { text } of page) yield typeof text === 'string' ? text : Buffer.from(text).toString()
      }
    },
    heads: () => source.heads(),
  }
}
