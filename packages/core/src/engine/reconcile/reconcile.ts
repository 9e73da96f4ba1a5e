import * as z from 'zod'
import type { Action } from '../../action/action.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import type { AuditEvent } from '../../connector/audit.js'
import type { Belief } from '../../connector/belief.js'
import type { Store } from '../../connector/store.js'
import { type Observation, subjectKey } from '../../connector/subject.js'
import type { Target } from '../../connector/target.js'
import { AndonError } from '../../errors/index.js'
import { parseOptions } from '../../options.js'
import type { Localized } from '../../text.js'
import { type Asked, type AskOptions, askTwice } from '../ask-target.js'
import { proposedAudit } from '../proposed-audit.js'
import { compare } from './compare.js'
import { observations } from './observations.js'
import { recheck } from './recheck.js'
import { isSameRepair, repairOf } from './repair.js'
import type { Difference, ReconcileOptions, Reconciliation } from './result.js'
import { Tally } from './tally.js'

export interface ReconcileContext extends AskOptions {
  readonly store: Store
  readonly targets: Readonly<Record<string, Target>>
  readonly kinds: ReadonlyMap<string, ActionKind>
  /** Told of every repair that was proposed, after it is durable. */
  readonly changed: (action: Action) => void
}

/** Subjects asked about at once. */
const pageSize = 500
const mostInFlight = 4
/** A target that gave no answer to so many pages in a row is not asked for the rest. */
const mostFailures = 3
const mostProposals = 100

const cannotTell: Localized = {
  en: 'The target cannot say how things stand: it has no observe().',
  zh: '目标系统无法报告现状：它没有 observe()。',
}

const optionsSchema = z.strictObject({
  targets: z.array(z.string().min(1)).exactOptional(),
  tenant: z.string().min(1).exactOptional(),
  propose: z.boolean().default(false),
  mostDifferences: z.int().min(1).max(1_000_000).default(1000),
  onProgress: z.custom<object>((value) => typeof value === 'function', 'must be a function').optional(),
})

interface Page {
  readonly beliefs: readonly Belief[]
  readonly asked: Asked<readonly Observation[]>
}

/**
 * Compares what we believe of the plant with what each target says, field by field. Nothing in the plant changes:
 * differences are told, written into the audit log and, when asked for, become proposals that a person approves or
 * refuses. A difference is looked at twice, so that a change on its way is not taken for one.
 *
 * @throws AndonError OPTIONS_INVALID, NOT_FOUND for an unknown target, STORE_FAILED, ABORTED when stopped
 */
export async function reconcile(
  context: ReconcileContext,
  given: ReconcileOptions = {},
): Promise<Reconciliation> {
  const { propose, mostDifferences } = parseOptions(optionsSchema, given, 'reconcile')
  const options = { ...given, propose, mostDifferences }
  const { store, clock, targets } = context
  const names = options.targets ?? Object.keys(targets)
  for (const id of names) {
    if (targets[id] === undefined) throw new AndonError('NOT_FOUND', { details: { kind: 'target', id } })
  }
  const tally = new Tally(clock.now(), options.mostDifferences)
  if (options.tenant !== undefined) tally.numbersOf(options.tenant)
  for (const name of names) await reconcileTarget(name, { context, options, tally })
  await store.transaction((transaction) => transaction.appendAudit(tally.events()))
  return tally.result()
}

interface Run {
  readonly context: ReconcileContext
  readonly options: ReconcileOptions & { readonly propose: boolean }
  readonly tally: Tally
}

async function reconcileTarget(name: string, run: Run): Promise<void> {
  const { context, options, tally } = run
  const target = context.targets[name]
  if (target?.observe === undefined) {
    const only = options.tenant === undefined ? {} : { tenant: options.tenant }
    const { beliefs } = await context.store.beliefs.list({ target: name, ...only, limit: 1 })
    if (beliefs.length > 0) tally.targetWithout(name, cannotTell)
    return
  }
  let suspects: Belief[] = []
  for await (const { beliefs, asked } of askedPages(name, target, run)) {
    for (const [index, belief] of beliefs.entries()) {
      if ('problem' in asked) tally.unresolved(belief, asked.problem)
      else {
        const comparison = compare(belief, asked.answer[index] ?? { found: false, fields: {} })
        if (comparison.differing.length > 0) suspects.push(belief)
        else tally.add(belief, comparison)
      }
    }
    while (suspects.length >= pageSize) {
      await judge(name, target, suspects.slice(0, pageSize), run)
      suspects = suspects.slice(pageSize)
    }
    options.onProgress?.({ compared: tally.compared })
  }
  if (suspects.length > 0) await judge(name, target, suspects, run)
  options.onProgress?.({ compared: tally.compared })
}

/** Everything believed of a target, with what it says, page by page; the next pages are asked meanwhile. */
async function* askedPages(name: string, target: Target, { context, options }: Run): AsyncGenerator<Page> {
  const waiting: Promise<Page>[] = []
  let failures = 0
  const ask = async (beliefs: readonly Belief[], given: Localized | undefined): Promise<Page> => {
    if (given !== undefined) return { beliefs, asked: { problem: given } }
    return { beliefs, asked: await askHowItStands(name, target, beliefs, context) }
  }
  let last: Localized | undefined
  const next = async (): Promise<Page | undefined> => {
    const page = await waiting.shift()
    if (page === undefined) return undefined
    failures = 'problem' in page.asked ? failures + 1 : 0
    if ('problem' in page.asked) last = page.asked.problem
    return page
  }
  const only = options.tenant === undefined ? {} : { tenant: options.tenant }
  for (let after: string | undefined, more = true; more; ) {
    const place = after === undefined ? {} : { after }
    const page = await context.store.beliefs.list({ target: name, ...only, ...place, limit: pageSize })
    after = page.next
    more = after !== undefined
    const asking = ask(page.beliefs, failures >= mostFailures ? last : undefined)
    // It is awaited in its turn; until then its failure has a listener.
    asking.catch(() => undefined)
    waiting.push(asking)
    const first = waiting.length >= mostInFlight ? await next() : undefined
    if (first !== undefined) yield first
    // A target in this process answers at once: others must have their turn, too.
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (let page = await next(); page !== undefined; page = await next()) yield page
}

function askHowItStands(
  name: string,
  target: Target,
  beliefs: readonly Belief[],
  context: ReconcileContext,
): Promise<Asked<readonly Observation[]>> {
  const subjects = beliefs.map(({ subject }) => subject)
  return askTwice(name, context, (call) => observations(name, target, subjects, call))
}

/** Looks again at what differs, and tells what still does. */
async function judge(name: string, target: Target, suspects: readonly Belief[], run: Run): Promise<void> {
  const { context, options, tally } = run
  const { settled, unresolved } = await recheck(name, suspects, context, (beliefs) =>
    askHowItStands(name, target, beliefs, context),
  )
  for (const { belief, reason } of unresolved) tally.unresolved(belief, reason)
  const found = settled.flatMap(({ belief, comparison }) => {
    const told = tally.add(belief, comparison)
    return comparison.differing.length > 0 ? [{ belief, told }] : []
  })
  const repairs = options.propose ? await repairsOf(found, run) : []
  const audit = [
    ...found.flatMap(({ told }) => told.map((one) => differs(one, context))),
    ...(await proposedAudit(repairs, context.store.journal)),
  ]
  await context.store.transaction(async (transaction) => {
    await transaction.addActions(repairs)
    await transaction.appendAudit(audit)
  })
  for (const action of repairs) context.changed(action)
}

interface Found {
  readonly belief: Belief
  readonly told: readonly Difference[]
}

/** A repair for each thing that differs, up to a hundred in all; what waits for approval already is not made again. */
async function repairsOf(found: readonly Found[], { context, tally }: Run): Promise<readonly Action[]> {
  const { store, kinds, clock } = context
  const made: Action[] = []
  for (const { belief, told } of found) {
    const wanted = told.length > 0 && tally.proposals < mostProposals
    const original = wanted ? await store.actions.get(belief.actionId) : undefined
    const repair = original && repairOf(belief, told, original, kinds, clock.now())
    if (repair === undefined) {
      tally.notProposed()
      continue
    }
    const { tenant, signalId } = repair
    const open = await store.actions.list({ tenant, signalId, status: ['awaiting-approval', 'approved'] })
    const standing = open.find((other) => isSameRepair(repair, other))
    tally.proposed(tenant, (standing ?? repair).id)
    if (standing === undefined) made.push(repair)
  }
  return made
}

function differs(difference: Difference, { clock }: ReconcileContext): AuditEvent {
  const { target, tenant, subject, field, believed, found, actionId } = difference
  const data = { target, subject: subjectKey(subject), field, believed, found: found ?? null }
  return { tenant, at: clock.now(), what: 'reconcile.difference', action: actionId, data }
}
