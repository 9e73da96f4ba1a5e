import type { RawPayload } from '@andon/core/connector'
import type { CallMeans } from '../http/salesforce-http.js'
import type { Rest } from '../rest/rest.js'
import type { Row } from '../rest/rows.js'
import type { Steady } from '../steady.js'
import { caseComments, type Hanger, hangerPayloads, incomingEmails } from './case-hangers.js'
import type { CheckedCaseOptions } from './case-options.js'
import type { PayloadMaker } from './case-payload.js'
import type { CasePosition } from './case-position.js'
import { fieldsOf } from './field-list.js'
import { KeysetReader, type Mark } from './keyset-reader.js'
import type { PatientQueries } from './patient-queries.js'

export interface HangerReadersOptions {
  readonly options: CheckedCaseOptions
  readonly rest: Rest
  readonly means: CallMeans
  readonly steady: Steady
  readonly queries: PatientQueries
  readonly payload: PayloadMaker
  /** RFC 3339 in UTC. */
  readonly since: string | undefined
  /** The cases with these ids as they are now. */
  readonly cases: (ids: ReadonlySet<string>) => Promise<ReadonlyMap<string, Row>>
}

type Name = 'comments' | 'emails'

/** Comments and e-mails, each with how far it was read. */
export class HangerReaders {
  readonly #parts: HangerReadersOptions
  readonly #readers: {
    readonly name: Name
    readonly hanger: Hanger
    readonly reader: KeysetReader
  }[] = []

  constructor(parts: HangerReadersOptions) {
    this.#parts = parts
  }

  /** Their fields depend on the org; read before anything else. */
  async prepare(kept: CasePosition): Promise<void> {
    const { options, rest, means, steady, since } = this.#parts
    const wanted: readonly { readonly name: Name; readonly hanger: Hanger }[] = [
      ...(options.comments ? [{ name: 'comments', hanger: caseComments } as const] : []),
      ...(options.emails ? [{ name: 'emails', hanger: incomingEmails } as const] : []),
    ]
    for (const { name, hanger } of wanted) {
      const { object, filter } = hanger
      const fields = await steady.do('describing', () => fieldsOf(rest, object, hanger.wanted, means))
      // E-mails of an org without Email-to-Case: there is no such object.
      if (!fields.has('SystemModstamp')) continue
      const { lookBackMs, batchSize: pageRows } = options
      const reader = new KeysetReader(
        { rest, object, fields, filter, lookBackMs, since, first: 'soql', pageRows },
        kept[name],
      )
      this.#readers.push({ name, hanger, reader })
    }
  }

  /** How far one was read. */
  mark(wanted: Name): Mark | undefined {
    return this.#readers.find(({ name }) => name === wanted)?.reader.mark
  }

  /** What is new, page by page. */
  async *payloads(): AsyncGenerator<readonly RawPayload[], void, undefined> {
    const { options, rest, means, steady, queries, payload } = this.#parts
    for (const { hanger, reader } of this.#readers) {
      if (options.snapshot === 'none' && reader.mark === undefined) {
        reader.moveTo(new Date(rest.http.serverTime.now(means.clock)).toISOString())
      }
      for await (const { rows } of queries.pages(reader, `reading ${hanger.object}`)) {
        const parents = new Set(rows.map(({ ParentId }) => String(ParentId ?? '')).filter((id) => id !== ''))
        const cases = await steady.do('reading cases', () => this.#parts.cases(parents))
        yield hangerPayloads(hanger, rows, cases, payload)
      }
    }
  }
}
