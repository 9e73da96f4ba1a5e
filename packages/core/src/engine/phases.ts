import * as z from 'zod'
import type { Action } from '../action/action.js'
import {
  type EvidenceEvent,
  evidenceAfter,
  noEvidence,
  type PhaseEvidence,
} from '../action/policy/evidence.js'
import { type Phase, phases } from '../action/policy/phase.js'
import { demoted } from '../action/policy/phases.js'
import type { AuditEvent } from '../connector/audit.js'
import type { Clock } from '../connector/clock.js'
import type { Store, StoreTransaction } from '../connector/store.js'
import type { JsonObject } from '../json.js'
import type { Localized } from '../text.js'

/** Where the roll-out of one product line stands. */
export interface LinePhase {
  readonly tenant: string
  readonly productLine: string
  readonly phase: Phase
  /** What was seen in it so far. */
  readonly evidence: PhaseEvidence
  /** Its latest step down. */
  readonly demotion?: { readonly at: number; readonly from: Phase; readonly text: Localized }
}

const count = z.int().min(0)
const lineSchema = z.object({
  tenant: z.string(),
  productLine: z.string(),
  phase: z.enum(phases),
  evidence: z.object({
    since: z.number(),
    ...{ agreed: count, disagreed: count, effective: count, notEffective: count, harmful: count },
  }),
  demotion: z
    .object({ at: z.number(), from: z.enum(phases), text: z.object({ en: z.string(), zh: z.string() }) })
    .exactOptional(),
})
const keptSchema = z.object({ lines: z.array(lineSchema) })

const storedAs = 'phases'

export interface PhasesOptions {
  readonly store: Store
  readonly clock: Clock
  /** Where product lines begin, in every tenant; what happened since is in the store. */
  readonly initial: ReadonlyMap<string, Phase>
  /** Told after it is durable. */
  readonly warn: (line: LinePhase, demotion: NonNullable<LinePhase['demotion']>) => void
  readonly failed: (error: unknown) => void
}

/** The roll-out phases of product lines. They live in the store: a restart neither promotes nor forgives. */
export class Phases {
  readonly #options: PhasesOptions
  #lines: ReadonlyMap<string, LinePhase> = new Map()
  /** The latest step down that was told, by line. */
  readonly #told = new Map<string, number>()
  #refreshing: Promise<void> = Promise.resolve()
  #beganAt = 0

  constructor(options: PhasesOptions) {
    this.#options = options
  }

  async recover(): Promise<void> {
    this.#beganAt = this.#options.clock.now()
    this.#lines = linesOf(await this.#options.store.kept(storedAs))
    for (const [key, { demotion }] of this.#lines)
      if (demotion !== undefined) this.#told.set(key, demotion.at)
  }

  /** Some product line has a phase. */
  get areUsed(): boolean {
    return this.#options.initial.size > 0 || this.#lines.size > 0
  }

  phaseOf = (tenant: string, productLine: string): Phase | undefined =>
    this.#lines.get(keyOf(tenant, productLine))?.phase ?? this.#options.initial.get(productLine)

  /** Those of which something is known, and where lines begin that nothing was seen of yet. */
  list(tenant: string): readonly LinePhase[] {
    const begin = [...this.#options.initial.keys()].flatMap((line) => this.#begun(tenant, line) ?? [])
    return [...new Map([...keyed(begin), ...this.#lines]).values()]
  }

  /** What stands in the store counts, whoever wrote it: read before anything is decided in the same transaction. */
  async load(transaction: StoreTransaction): Promise<void> {
    if (this.areUsed) this.#lines = linesOf(await transaction.kept(storedAs))
  }

  /**
   * Counts what was seen of an action; harm is a step down at once. In the transaction of what was seen; call
   * {@link refresh} after it.
   */
  async count(
    transaction: StoreTransaction,
    action: Pick<Action, 'id' | 'tenant' | 'productLine'>,
    event: EvidenceEvent,
    because: Localized,
  ): Promise<void> {
    const { tenant, productLine } = action
    if (productLine === undefined) return
    await this.change(transaction, tenant, productLine, (line, at) =>
      event.kind === 'harm'
        ? steppedDown(line, at, because, { action: action.id })
        : { line: { ...line, evidence: evidenceAfter(line.evidence, event) } },
    )
  }

  /** Changes one line; undefined when it is in no phase. */
  async change(
    transaction: StoreTransaction,
    tenant: string,
    productLine: string,
    work: (line: LinePhase, at: number) => { readonly line: LinePhase; readonly audit?: AuditEvent },
  ): Promise<LinePhase | undefined> {
    const lines = new Map(linesOf(await transaction.kept(storedAs)))
    const key = keyOf(tenant, productLine)
    const known = lines.get(key) ?? this.#begun(tenant, productLine)
    if (known === undefined) return undefined
    const { line, audit } = work(known, this.#options.clock.now())
    lines.set(key, line)
    await transaction.keep(storedAs, { lines: [...lines.values()].map(plain) })
    if (audit !== undefined) await transaction.appendAudit([audit])
    return line
  }

  /** Takes up what has become durable, and tells of steps down. */
  refresh(): void {
    if (!this.areUsed) return
    const { store, failed } = this.#options
    this.#refreshing = this.#refreshing
      .then(async () => {
        this.#lines = linesOf(await store.kept(storedAs))
        for (const [key, line] of this.#lines) this.#tell(key, line)
      })
      .catch(failed)
  }

  async settle(): Promise<void> {
    await this.#refreshing
  }

  #tell(key: string, line: LinePhase): void {
    const { demotion } = line
    if (demotion === undefined || this.#told.get(key) === demotion.at) return
    this.#told.set(key, demotion.at)
    this.#options.warn(line, demotion)
  }

  #begun(tenant: string, productLine: string): LinePhase | undefined {
    const phase = this.#options.initial.get(productLine)
    return phase && { tenant, productLine, phase, evidence: noEvidence(this.#beganAt) }
  }
}

/** One step down; in pilot, the first phase, evidence begins anew. */
export function steppedDown(
  { tenant, productLine, phase: from, evidence }: LinePhase,
  at: number,
  because: Localized,
  data: JsonObject & { readonly action?: string },
): { readonly line: LinePhase; readonly audit: AuditEvent } {
  const phase = demoted(from)
  const text =
    phase === from
      ? {
          en: `${productLine} stays in ${phase}, and its evidence begins anew: ${because.en}`,
          zh: `${productLine} 仍处于 ${phase} 阶段，证据重新累计：${because.zh}`,
        }
      : {
          en: `${productLine} goes back from ${from} to ${phase}: ${because.en}`,
          zh: `${productLine} 由 ${from} 退回 ${phase} 阶段：${because.zh}`,
        }
  const { action, ...rest } = data
  return {
    line: { tenant, productLine, phase, evidence: noEvidence(at), demotion: { at, from, text } },
    audit: {
      ...{ tenant, at, what: 'phase.demoted' },
      ...(action === undefined ? {} : { action }),
      data: { productLine, from, to: phase, evidence: { ...evidence }, text: { ...text }, ...rest },
    },
  }
}

const keyOf = (tenant: string, productLine: string): string => JSON.stringify([tenant, productLine])
const keyed = (lines: readonly LinePhase[]): readonly [string, LinePhase][] =>
  lines.map((line) => [keyOf(line.tenant, line.productLine), line])

const linesOf = (kept: JsonObject | undefined): ReadonlyMap<string, LinePhase> =>
  new Map(keyed(kept === undefined ? [] : keptSchema.parse(kept).lines))

const plain = ({ demotion, evidence, ...line }: LinePhase): JsonObject => ({
  ...line,
  evidence: { ...evidence },
  ...(demotion === undefined ? {} : { demotion: { ...demotion, text: { ...demotion.text } } }),
})
