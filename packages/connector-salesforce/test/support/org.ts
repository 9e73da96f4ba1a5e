import { type SalesforceCasesOptions, salesforceCases } from '@andon/connector-salesforce'
import type { Batch, Logger, Position, RawPayload, Source } from '@andon/core/connector'
import { type Salesforce, type SalesforceOptions, startSalesforce } from '@andon/testkit'
import { onTestFinished } from 'vitest'

export type CaseSource = ReturnType<typeof salesforceCases>

/** A simulated org and the sources that read it; all of it ends with the test. */
export interface OpenOrg {
  readonly org: Salesforce
  readonly log: Said[]
  open(more?: Partial<SalesforceCasesOptions>): CaseSource
  close(): Promise<void>
}

export interface Said {
  readonly level: keyof Logger
  readonly data: unknown
  readonly text: string
}

export const auth = {
  kind: 'client-credentials',
  clientId: 'andon-client',
  clientSecret: 'andon-secret',
} as const

export async function openOrg(options: SalesforceOptions = {}): Promise<OpenOrg> {
  const org = await startSalesforce(options)
  const opened: CaseSource[] = []
  const log: Said[] = []
  const say =
    (level: keyof Logger) =>
    (data: unknown, text: unknown): void => {
      log.push({ level, data, text: String(text) })
    }
  const logger = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
  return {
    org,
    log,
    open(more = {}) {
      const source = salesforceCases({
        url: org.url,
        auth,
        endpoint: `http://${org.pubSubEndpoint}`,
        logger,
        ...more,
      })
      opened.push(source)
      return source
    },
    async close() {
      await Promise.all(opened.map((source) => source.close()))
      await org.close()
    },
  }
}

/** The same, closed when the test has finished. */
export async function orgOfTest(options: SalesforceOptions = {}): Promise<OpenOrg> {
  const open = await openOrg(options)
  onTestFinished(() => open.close())
  return open
}

/** What a payload says, as far as tests look at it. */
export interface Told {
  readonly id: string
  readonly kind: string
  readonly channel: string
  readonly said: string
  readonly subject?: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly change: {
    readonly type: string
    readonly fields?: readonly string[]
    readonly commitNumber?: string
  }
  readonly record: Readonly<Record<string, unknown>>
}

export const toldOf = (payload: RawPayload): Told => JSON.parse(JSON.stringify(payload.body))

/** Reads a source in the background, as an engine does, and keeps what it brought. */
export function reading(source: Source, resumeFrom?: Position) {
  const stopper = new AbortController()
  const told: Told[] = []
  const batches: Batch<RawPayload>[] = []
  let position = resumeFrom
  const context =
    resumeFrom === undefined ? { signal: stopper.signal } : { signal: stopper.signal, resumeFrom }
  const done = (async () => {
    for await (const batch of source.receive(context)) {
      batches.push(batch)
      told.push(...batch.items.map(toldOf))
      position = batch.position ?? position
      await batch.commit()
    }
  })()
  done.catch(() => undefined)
  return {
    told,
    batches,
    done,
    get position() {
      return position
    },
    async stop() {
      stopper.abort()
      await done
    },
  }
}
