import type { Store } from '../connector/store.js'

const pageSize = 1000

/** The lines of a tenant's chain, the oldest first, each without its line end: joined by `\n` they are NDJSON. */
export async function* exportAudit(
  { audit }: Pick<Store, 'audit'>,
  tenant: string,
): AsyncGenerator<string, void, undefined> {
  for (let from = 1; ; ) {
    const lines = await audit.read(tenant, from, pageSize)
    const last = lines.at(-1)
    if (last === undefined) return
    for (const { text } of lines) yield text
    from = last.sequence + 1
  }
}
