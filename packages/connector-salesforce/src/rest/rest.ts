import * as z from 'zod'
import { unavailable } from '../failures.js'
import type { CallMeans, SalesforceCall, SalesforceHttp, SalesforceReply } from '../http/salesforce-http.js'
import { type Row, rowsSchema } from './rows.js'

const pageSchema = z.object({
  records: rowsSchema,
  done: z.boolean(),
  nextRecordsUrl: z.string().startsWith('/').optional(),
})

const fieldSchema = z.object({
  name: z.string(),
  type: z.string(),
  length: z.number().default(0),
  relationshipName: z.string().nullish(),
  referenceTo: z.array(z.string()).default([]),
  externalId: z.boolean().default(false),
  createable: z.boolean().default(true),
  updateable: z.boolean().default(true),
  picklistValues: z.array(z.object({ value: z.string(), active: z.boolean().default(true) })).default([]),
})
export type DescribedField = z.output<typeof fieldSchema>

/** What the org says of one object: only fields that our user may see. */
export type Described = ReadonlyMap<string, DescribedField>

const describeSchema = z.object({ fields: z.array(fieldSchema) })

/** The REST API of one version. */
export class Rest {
  readonly http: SalesforceHttp
  /** `/services/data/v67.0` */
  readonly root: string

  constructor(http: SalesforceHttp, version: string) {
    this.http = http
    this.root = `/services/data/v${version}`
  }

  /** A call below the root. */
  call(call: SalesforceCall, means: CallMeans): Promise<SalesforceReply> {
    return this.http.send({ ...call, path: `${this.root}${call.path}` }, means)
  }

  /**
   * All pages of a query, one after the other.
   *
   * @param all also what was deleted or merged away and is still in the bin
   */
  async *pages(
    soql: string,
    all: boolean,
    means: CallMeans,
  ): AsyncGenerator<readonly Row[], void, undefined> {
    let path: string | undefined = `${this.root}/${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`
    while (path !== undefined) {
      const headers = { 'sforce-query-options': 'batchSize=2000' }
      const reply: SalesforceReply = await this.http.send({ method: 'GET', path, headers }, means)
      const page: z.output<typeof pageSchema> = this.read(pageSchema, reply)
      yield page.records
      path = page.done ? undefined : page.nextRecordsUrl
    }
  }

  /** The rows of a query that has few. */
  async rows(soql: string, all: boolean, means: CallMeans): Promise<readonly Row[]> {
    const rows: Row[] = []
    for await (const page of this.pages(soql, all, means)) rows.push(...page)
    return rows
  }

  async describe(object: string, means: CallMeans): Promise<Described> {
    const reply = await this.call({ method: 'GET', path: `/sobjects/${object}/describe` }, means)
    return new Map(this.read(describeSchema, reply).fields.map((field) => [field.name, field]))
  }

  /** @throws AndonError retryable where an answer is not what the API promises: a proxy in between, mostly */
  read<S extends z.ZodType>(schema: S, { status, body }: SalesforceReply): z.output<S> {
    const read = schema.safeParse(body)
    if (read.success) return read.data
    const where = read.error.issues[0]?.path.map(String).join('.') ?? ''
    throw unavailable(
      this.http.speaker,
      {
        en: `HTTP ${status} with an answer of another shape than the API has (${where})`,
        zh: `HTTP ${status}，应答结构与 API 不符（${where}）`,
      },
      new Error(read.error.issues[0]?.message ?? 'another shape'),
      { status },
    )
  }
}

/** A text in SOQL. */
export const quoted = (text: string): string =>
  `'${text.replaceAll(/['\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`
