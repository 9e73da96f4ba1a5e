import * as z from 'zod'
import type { Clock } from '../connector/clock.js'
import type { Store } from '../connector/store.js'
import { AndonError } from '../errors/index.js'
import { stableId } from '../ids.js'
import type { JsonObject } from '../json.js'
import { parseOptions } from '../options.js'
import type { Firing } from '../rule/runtime/finding.js'

const silenceSchema = z.strictObject({
  id: z.string(),
  rule: z.string().optional(),
  tenant: z.string().optional(),
  from: z.number(),
  until: z.number(),
  by: z.string(),
  reason: z.string(),
})

/**
 * For a time rules find and count as ever, but propose no actions. It covers firings whose journal instant is from
 * `from` on and before `until` (epoch ms).
 */
export type Silence = Readonly<z.infer<typeof silenceSchema>>

export interface SilenceRequest {
  /** Of this rule; absent: of every rule of the tenant. */
  readonly rule?: string
  /** Of this tenant; absent: of every tenant. */
  readonly tenant?: string
  /** Every silence has an end (epoch ms). */
  readonly until: number
  /** Who wants it. */
  readonly by: string
  readonly reason: string
}

export interface SilenceDesk {
  /**
   * Begins a silence now. Resolves when it is durable.
   *
   * @throws AndonError OPTIONS_INVALID
   */
  add(request: SilenceRequest): Promise<Silence>
  /**
   * Those that have not ended, in the order in which they began. What another worker has begun or ended is here within
   * seconds; no firing is looked at without it.
   */
  list(): readonly Silence[]
  /** Ends a silence before its time; it goes on covering what fell into it. */
  end(id: string): Promise<Silence>
}

const requestSchema = z
  .strictObject({
    rule: z.string().min(1).optional(),
    tenant: z.string().min(1).optional(),
    until: z.number(),
    by: z.string().min(1).max(200),
    reason: z.string().min(1).max(2000),
  })
  .refine(({ rule, tenant }) => rule !== undefined || tenant !== undefined, 'needs a rule, a tenant or both')

const storedAs = 'silences'
/** What has ended this long ago can cover nothing that is still to be looked at (ms). */
const keptAfterEnd = 7 * 86_400_000

function plain({ rule, tenant, ...rest }: Silence): JsonObject {
  return { ...rest, ...(rule === undefined ? {} : { rule }), ...(tenant === undefined ? {} : { tenant }) }
}

const silencesOf = (kept: JsonObject | undefined): readonly Silence[] =>
  z.array(silenceSchema).parse(kept?.silences ?? [])

/** The silences of one loop. They live in the store: a restart does not end them. */
export class Silences {
  readonly #store: Store
  readonly #clock: Clock
  #silences: readonly Silence[] = []
  /** Changes follow one another, so that none is lost. */
  #changing: Promise<unknown> = Promise.resolve()

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Takes up what is in the store. */
  async recover(): Promise<void> {
    this.#silences = silencesOf(await this.#store.kept(storedAs))
  }

  /**
   * What stands in the store counts, whoever wrote it: read right before something is decided. Where nobody else writes,
   * it is known already.
   */
  async load(): Promise<void> {
    if (this.#store.shared !== undefined) await this.recover()
  }

  covers({ program, tenant, at }: Firing): boolean {
    const { name } = program.rule
    return this.#silences.some(
      ({ rule = name, tenant: only = tenant, from, until }) =>
        rule === name && only === tenant && at >= from && at < until,
    )
  }

  /** What people do with silences; `instant` gives the journal's time (epoch ms). */
  desk(instant: () => number): SilenceDesk {
    return {
      add: (request) =>
        this.#change((silences) => {
          const { rule, tenant, until, by, reason } = parseOptions(requestSchema, request, 'silences.add')
          const from = instant()
          if (until <= from) {
            throw new AndonError('OPTIONS_INVALID', {
              details: { option: 'silences.add.until', problem: 'it must lie in the future' },
              chinese: { problem: '必须晚于当前时刻' },
            })
          }
          const silence: Silence = {
            id: stableId('q', rule ?? '', tenant ?? '', from, by, silences.length),
            ...(rule === undefined ? {} : { rule }),
            ...(tenant === undefined ? {} : { tenant }),
            from,
            until,
            by,
            reason,
          }
          return { silences: [...silences, silence], result: silence }
        }),
      list: () => this.#silences.filter(({ until }) => until > this.#clock.now()),
      end: (id) =>
        this.#change((silences) => {
          const found = silences.find((silence) => silence.id === id)
          if (found === undefined) throw new AndonError('NOT_FOUND', { details: { kind: 'silence', id } })
          const ended = { ...found, until: Math.min(found.until, instant()) }
          return { silences: silences.map((silence) => (silence === found ? ended : silence)), result: ended }
        }),
    }
  }

  #change(
    work: (silences: readonly Silence[]) => {
      readonly silences: readonly Silence[]
      readonly result: Silence
    },
  ): Promise<Silence> {
    const changed = this.#changing.then(async () => {
      const oldest = this.#clock.now() - keptAfterEnd
      const { silences, result } = await this.#store.transaction(async (transaction) => {
        const there = silencesOf(await transaction.kept(storedAs))
        const change = work(there.filter(({ until }) => until > oldest))
        await transaction.keep(storedAs, { silences: change.silences.map(plain) })
        return change
      })
      this.#silences = silences
      return result
    })
    this.#changing = changed.catch(() => undefined)
    return changed
  }
}
