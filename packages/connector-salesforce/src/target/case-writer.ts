import type { AndonError } from '@andon/core/errors'
import { isPassing, type SalesforceProblem } from '../http/salesforce-error.js'
import type { CallMeans } from '../http/salesforce-http.js'
import { pause } from '../pause.js'
import type { Rest } from '../rest/rest.js'
import { type CaseState, messageKey } from './case-book.js'
import { type Collection, type CollectionRow, mostRows, writeCollections } from './collections.js'
import type { Message } from './messages.js'
import type { CheckedTargetOptions } from './target-options.js'

/** What one case is to become. */
export interface CaseTask {
  readonly state: CaseState
  /** Undefined: it stays. */
  readonly status: string | undefined
  readonly link: string | undefined
  /** Those that are not there yet. */
  readonly messages: readonly Message[]
}

/** What became of one case. */
export interface CaseOutcome {
  readonly id: string
  /** Part → id of the record. */
  readonly written: ReadonlyMap<string, string>
  /** What the org refused, with the row's own error. */
  readonly problems: readonly SalesforceProblem[]
}

interface Item {
  readonly task: CaseTask
  /** Undefined: fields of the case itself. */
  readonly message: Message | undefined
}

const firstLockPauseMs = 150

/** Writes what is missing of many cases: fields and messages of a case go in one request. */
export class CaseWriter {
  readonly #rest: Rest
  readonly #options: CheckedTargetOptions

  constructor(rest: Rest, options: CheckedTargetOptions) {
    this.#rest = rest
    this.#options = options
  }

  /** @throws AndonError where nothing is known of a whole request, or rows are held by others for too long */
  async write(
    actionId: string,
    tasks: readonly CaseTask[],
    means: CallMeans,
  ): Promise<readonly CaseOutcome[]> {
    const outcomes = new Map<string, { written: Map<string, string>; problems: SalesforceProblem[] }>()
    for (const { state } of tasks) outcomes.set(state.id, { written: new Map(), problems: [] })
    for (const items of inRequests(tasks)) {
      let open = items
      for (let tries = 1; open.length > 0; tries += 1) {
        const held: Item[] = []
        let last: SalesforceProblem | undefined
        for (const [item, result] of await this.#request(actionId, open, means)) {
          const outcome = outcomes.get(item.task.state.id)
          if (result.ok) outcome?.written.set(item.message?.part ?? 'fields', result.id)
          else if (isPassing(200, result.problem.code)) {
            held.push(item)
            last = result.problem
          } else outcome?.problems.push(result.problem)
        }
        open = held
        if (last === undefined) break
        if (tries >= this.#options.lockTries || means.signal.aborted) throw this.#held(last)
        await pause(means.clock, firstLockPauseMs * 2 ** (tries - 1), means.signal)
      }
    }
    return Array.from(outcomes, ([id, outcome]) => ({ id, ...outcome }))
  }

  async #request(actionId: string, items: readonly Item[], means: CallMeans) {
    const fields = items.filter(({ message }) => message === undefined)
    const messages = items.filter(({ message }) => message !== undefined)
    const parts: readonly (readonly [readonly Item[], Collection])[] = [
      [fields, { method: 'PATCH', below: '', rows: fields.map(({ task }) => this.#fieldsOf(task)) } as const],
      [messages, this.#messagesOf(actionId, messages)] as const,
    ]
    const used = parts.filter(([of]) => of.length > 0)
    const results = await writeCollections(
      this.#rest,
      used.map(([, collection]) => collection),
      means,
    )
    return used.flatMap(([of], index) =>
      of.flatMap((item, row) => {
        const result = results[index]?.[row]
        return result === undefined ? [] : [[item, result] as const]
      }),
    )
  }

  #fieldsOf({ state, status, link }: CaseTask): CollectionRow {
    const { signalField } = this.#options
    const fields: Record<string, string> = { id: state.id }
    if (status !== undefined) fields.Status = status
    if (signalField !== undefined && link !== undefined) fields[signalField] = link
    return { object: 'Case', fields }
  }

  #messagesOf(actionId: string, items: readonly Item[]): Collection {
    const { messages } = this.#options
    const rows = items.flatMap(({ task, message }): CollectionRow[] => {
      if (message === undefined) return []
      const { id } = task.state
      const { kind, text } = message
      if (messages === undefined) {
        const fields = { ParentId: id, CommentBody: text, IsPublished: kind === 'reply' }
        return [{ object: 'CaseComment', fields }]
      }
      const fields = {
        [messages.key]: messageKey(actionId, id, kind),
        [messages.case]: id,
        [messages.kind]: kind,
        [messages.text]: text,
      }
      return [{ object: messages.object, fields }]
    })
    return messages === undefined
      ? { method: 'POST', below: '', rows }
      : { method: 'PATCH', below: `/${messages.object}/${messages.key}`, rows }
  }

  #held(problem: SalesforceProblem): AndonError {
    return this.#rest.http.errorOf(200, problem)
  }
}

/** What goes in one request each: all of a case together, at most as many rows as a collection takes. */
function inRequests(tasks: readonly CaseTask[]): readonly (readonly Item[])[] {
  const requests: Item[][] = []
  let current: Item[] = []
  let messages = 0
  for (const task of tasks) {
    const changesFields = task.status !== undefined || task.link !== undefined
    const items: Item[] = [
      ...(changesFields ? [{ task, message: undefined }] : []),
      ...task.messages.map((message) => ({ task, message })),
    ]
    if (items.length === 0) continue
    if (current.length > 0 && (messages + task.messages.length > mostRows || current.length + 1 > mostRows)) {
      requests.push(current)
      current = []
      messages = 0
    }
    current.push(...items)
    messages += task.messages.length
  }
  return current.length === 0 ? requests : [...requests, current]
}
