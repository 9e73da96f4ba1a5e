import { type MesKind, mes } from '@andon/connector-mes'
import {
  type Action,
  type ExecuteContext,
  type JsonObject,
  type Receipt,
  silentLogger,
} from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { type Mes, type SimulatorFault, sampleAction, startMes, virtualClock } from '@andon/testkit'
import { seeded } from './random.mjs'

export interface MesStormReport {
  readonly sequences: number
  readonly actions: number
  readonly attempts: number
  readonly done: number
  readonly refused: number
  readonly reverted: number
  readonly faults: number
  /** Where the MES is not as the receipts say, in words; empty when it is. */
  readonly problems: readonly string[]
}

const faults: readonly SimulatorFault[] = [
  ...(['401', '403', '409', '429', '500', '503', 'timeout-before-work', 'timeout-after-work'] as const),
  ...(['cut-before', 'cut-after', 'error-after-work', 'html-instead-of-json', 'wrong-content-type'] as const),
  ...(['truncated', 'half-json', 'token-expired'] as const),
]
const kinds: readonly MesKind[] = [
  ...([
    'material.hold',
    'material.hold',
    'material.release',
    'parameter.adjust',
    'parameter.adjust',
  ] as const),
  ...([
    'schedule.prioritise',
    'schedule.rework',
    'inspection.request',
    'quality.notification',
    'notify',
  ] as const),
]
const lots = ['C-1', 'C-2', 'C-3']
const orders = ['O-1', 'O-2']
const parameter = 'mould_temperature'
const timeoutMs = 1_000
const mostAttempts = 200
/** Whose holds have no action id. */
const people = 'people'

/** What the receipts come to. */
interface Books {
  /** Lot → whose holds it has, oldest first. */
  readonly holds: Map<string, string[]>
  value: number
  readonly priorities: Map<string, number>
  /** Action id → its document, and whether it was taken back. */
  readonly documents: Map<string, { readonly reference: string; cancelled: boolean }>
  readonly done: Set<string>
  readonly refused: Set<string>
  readonly undone: Map<string, number>
}

const paramsOf = (kind: MesKind, pick: <T>(values: readonly T[]) => T, value: number): JsonObject => {
  switch (kind) {
    case 'material.hold':
    case 'material.release':
      return { batch: pick(lots), reason: 'storm' }
    case 'parameter.adjust': {
      const to = Math.min(60, Math.max(40, value + pick([-3, -1, 1, 2, 9])))
      return { equipment: 'IM-1', parameter, to, unit: 'Cel', low: 40, high: 60, max_step: 9 }
    }
    case 'schedule.prioritise':
      return { order: pick(orders), priority: pick([1, 2, 3, 4, 5, 6, 7, 8, 9]), reason: 'storm' }
    case 'schedule.rework':
    case 'inspection.request':
      return { batch: pick(lots), reason: 'storm' }
    case 'quality.notification':
      return { title: 'storm', batch: pick(lots) }
    default:
      return { to: 'production_team', text: 'storm' }
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Enters a receipt into the books: what the MES has to look like from then on. */
function enter(books: Books, action: Action, { reference, proof }: Receipt): void {
  const { id, kind, params } = action
  books.done.add(id)
  const holds = books.holds.get(text(params.batch)) ?? []
  switch (kind) {
    case 'material.hold':
      holds.push(id)
      break
    case 'material.release':
      for (const holder of holds.splice(0)) if (holder !== people) books.undone.set(holder, 1)
      break
    case 'parameter.adjust':
      books.value = Number(params.to)
      break
    case 'schedule.prioritise':
      books.priorities.set(text(params.order), Number(proof?.priority))
      break
    default:
      books.documents.set(id, { reference, cancelled: false })
  }
}

function enterReversal(books: Books, action: Action, first: Receipt, { reference }: Receipt): void {
  const { id, kind, params } = action
  // Somebody has taken it back before: another release, say.
  if (['nothing_left', 'not_held'].includes(reference)) return
  books.undone.set(id, 1)
  const holds = books.holds.get(text(params.batch)) ?? []
  const document = books.documents.get(id)
  switch (kind) {
    case 'material.hold':
      holds.splice(holds.indexOf(id), 1)
      break
    case 'material.release':
      holds.push(`${id}:revert`)
      break
    case 'parameter.adjust':
      books.value = Number(first.proof?.previousValue)
      break
    case 'schedule.prioritise':
      books.priorities.set(text(params.order), Number(first.proof?.previousPriority))
      break
    default:
      if (document !== undefined) document.cancelled = true
  }
}

/** Where the MES and the books differ. */
function differences(running: Mes, books: Books): readonly string[] {
  const { batches, equipment, orders: standing, notifications, inspections, messages } = running.state()
  const found: string[] = []
  const same = (what: string, is: unknown, should: unknown): void => {
    const [one, other] = [JSON.stringify(is), JSON.stringify(should)]
    if (one !== other) found.push(`${what}: the MES says ${one}, the receipts say ${other}`)
  }
  for (const { batch, holds, status } of batches) {
    const expected = books.holds.get(batch) ?? []
    same(`holds of ${batch}`, holds.map(({ action }) => action ?? people).sort(), [...expected].sort())
    same(`status of ${batch}`, status, expected.length > 0 ? 'held' : 'free')
  }
  same('the parameter', equipment[0]?.parameters[parameter]?.value, books.value)
  for (const [id, priority] of books.priorities) {
    same(`priority of ${id}`, standing.find((order) => order.id === id)?.priority, priority)
  }
  const made = [...standing.filter(({ kind }) => kind === 'rework'), ...notifications, ...inspections]
  const kept = [...made, ...messages.map((message) => ({ ...message, status: 'open' }))]
  for (const { id, createdBy, status } of kept) {
    const document = books.documents.get(createdBy ?? '')
    same(`document ${id}`, id, document?.reference)
    same(`document ${id} is gone`, ['cancelled', 'withdrawn'].includes(status), document?.cancelled)
  }
  same('documents', kept.length, books.documents.size)
  for (const id of books.done) same(`effects of ${id}`, running.deed(id)?.effects, 1)
  for (const id of books.refused) same(`effects of refused ${id}`, running.deed(id)?.effects ?? 0, 0)
  for (const [id, count] of books.undone) same(`undone ${id}`, running.deed(id)?.undone, count)
  return found
}

/** One MES, one target after the other, some twenty actions, and faults at every second request, reads and tokens included. */
async function storm(seed: number): Promise<MesStormReport> {
  const random = seeded(seed)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
  const clock = virtualClock()
  const share = 0.1 + 0.4 * random()
  const rates = Object.fromEntries(faults.map((fault) => [fault, share / faults.length]))
  const oauth = { clientId: 'andon', clientSecret: 'storm-secret' }
  const running = await startMes({
    ...{ seed, auth: { oauth } },
    batches: lots.map((batch) => ({ batch, component: 'compressor' })),
    orders: orders.map((id) => ({ id, model: 'KX-500' })),
    equipment: [
      { id: 'IM-1', parameters: { [parameter]: { value: 50, unit: 'Cel', low: 42, high: 58, maxStep: 5 } } },
    ],
  })
  const { url, tokenUrl } = running
  const open = () => mes({ url, timeoutMs, auth: { kind: 'oauth2', tokenUrl, ...oauth } })
  let target = open()
  const books: Books = {
    ...{ holds: new Map(lots.map((lot) => [lot, []])), value: 50, priorities: new Map() },
    ...{ documents: new Map(), done: new Set(), refused: new Set(), undone: new Map() },
  }
  const problems: string[] = []
  const counts = { actions: 0, attempts: 0, refused: 0, reverted: 0 }
  const silent = new Set<object>()

  /** Time goes by only while somebody waits for an answer that never comes: no slow machine makes a time-out of its own. */
  async function awaited<T>(promise: Promise<T>): Promise<T> {
    let over = false
    const done = promise.finally(() => {
      over = true
    })
    done.catch(() => undefined)
    while (!over) {
      await new Promise((resolve) => setImmediate(resolve))
      const last = running.requests.at(-1)
      if (last?.outcome !== 'silence' || silent.has(last)) continue
      silent.add(last)
      await clock.advance(timeoutMs + 1)
    }
    return done
  }

  /** As the engine does: again while the error says so. Undefined when it is refused. */
  async function persistent(
    what: string,
    attempt: (context: ExecuteContext) => Promise<Receipt>,
  ): Promise<Receipt | undefined> {
    for (let number = 1; number <= mostAttempts; number += 1) {
      counts.attempts += 1
      if (random() < 0.05) {
        await target.close()
        target = open()
      }
      const signal = new AbortController().signal
      try {
        return await awaited(attempt({ attempt: number, signal, clock, logger: silentLogger }))
      } catch (error) {
        if (!isAndonError(error)) problems.push(`${what}: not an AndonError: ${String(error)}`)
        else if (error.retryable) continue
        // A 403 is a refusal that was injected: people put it right, and it is asked again.
        else if (!error.message.includes('forbidden')) return undefined
      }
    }
    problems.push(`${what}: no end after ${mostAttempts} attempts`)
    return undefined
  }

  /** People at the line, whom no fault meets. */
  async function atTheLine(): Promise<void> {
    running.faults.set({})
    const lot = pick(lots)
    const holds = books.holds.get(lot) ?? []
    const verb = holds.length > 0 && random() < 0.3 ? 'release' : 'hold'
    await fetch(`${running.terminalUrl}/batches/${lot}/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: people }),
    })
    if (verb === 'hold') holds.push(people)
    else for (const holder of holds.splice(0)) if (holder !== people) books.undone.set(holder, 1)
    running.faults.set({ rates })
  }

  const succeeded: { readonly action: Action; readonly receipt: Receipt }[] = []
  running.faults.set({ rates })
  for (let index = 0; index < 20; index += 1) {
    if (random() < 0.15) await atTheLine()
    if (succeeded.length > 0 && random() < 0.25) {
      const [one] = succeeded.splice(Math.floor(random() * succeeded.length), 1)
      if (one === undefined || one.action.kind === 'notify') continue
      const { action, receipt } = one
      const reverted = await persistent(`revert of ${action.id}`, (context) =>
        target.revert(action, receipt, context),
      )
      if (reverted === undefined) continue
      counts.reverted += 1
      enterReversal(books, action, receipt, reverted)
      continue
    }
    const kind = pick(kinds)
    const id = `storm ${seed}/${index}`
    const action = sampleAction(index, { id, kind, params: paramsOf(kind, pick, books.value) })
    counts.actions += 1
    const receipt = await persistent(id, (context) => target.execute(action, context))
    if (receipt === undefined) {
      counts.refused += 1
      books.refused.add(id)
      continue
    }
    enter(books, action, receipt)
    succeeded.push({ action, receipt })
  }
  running.faults.set({})
  problems.push(...differences(running, books))
  const met = running.requests.filter(({ fault }) => fault !== undefined).length
  await target.close()
  await running.close()
  return {
    ...{ ...counts, sequences: 1, done: books.done.size, faults: met },
    problems: problems.map((problem) => `seed ${seed}: ${problem}`),
  }
}

/** Many storms, one after the other; the first has the seed given, and each the next. */
export async function mesStorms({
  seed,
  sequences,
  progress,
}: {
  readonly seed: number
  readonly sequences: number
  readonly progress?: (report: MesStormReport) => void
}): Promise<MesStormReport> {
  const sum = { sequences: 0, actions: 0, attempts: 0, done: 0, refused: 0, reverted: 0, faults: 0 }
  const problems: string[] = []
  for (let index = 0; index < sequences; index += 1) {
    const { problems: found, ...counts } = await storm(seed + index)
    sum.sequences += counts.sequences
    sum.actions += counts.actions
    sum.attempts += counts.attempts
    sum.done += counts.done
    sum.refused += counts.refused
    sum.reverted += counts.reverted
    sum.faults += counts.faults
    problems.push(...found)
    progress?.({ ...sum, problems })
  }
  return { ...sum, problems }
}
