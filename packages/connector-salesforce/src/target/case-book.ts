import type { AndonError } from '@andon/core/errors'
import { refused } from '../failures.js'
import type { CallMeans } from '../http/salesforce-http.js'
import { actionMark, actionMarkIn } from '../marks.js'
import { type Described, quoted, type Rest } from '../rest/rest.js'
import { type Row, textAt } from '../rest/rows.js'
import { partName } from './messages.js'
import type { CheckedTargetOptions } from './target-options.js'

/** How a case stands, and what an action has done to it already. */
export interface CaseState {
  readonly id: string
  readonly status: string | undefined
  readonly link: string | undefined
  /** Part → id of the record that says it. */
  readonly done: ReadonlyMap<string, string>
}

const idsPerQuery = 200

/** Reads cases and what was said on them; knows the org's picklists. */
export class CaseBook {
  readonly #rest: Rest
  readonly #options: CheckedTargetOptions
  #described: Described | undefined

  constructor(rest: Rest, options: CheckedTargetOptions) {
    this.#rest = rest
    this.#options = options
  }

  /** The status as the org calls it. @throws AndonError TARGET_REFUSED for one that it does not have */
  async status(wanted: string, means: CallMeans): Promise<string> {
    const status = this.#options.statuses[wanted] ?? wanted
    const field = (await this.describe(means)).get('Status')
    const values = field?.picklistValues.filter(({ active }) => active).map(({ value }) => value) ?? []
    if (values.length === 0 || values.includes(status)) return status
    throw this.#refused(
      `the org has no case status ${status}; it has ${values.join(', ')}`,
      `该组织没有工单状态 ${status}；可用的有 ${values.join('、')}`,
    )
  }

  /** @throws AndonError TARGET_REFUSED where a field that an option names is missing */
  async describe(means: CallMeans): Promise<Described> {
    if (this.#described !== undefined) return this.#described
    const described = await this.#rest.describe('Case', means)
    const { signalField } = this.#options
    if (signalField !== undefined && !described.has(signalField)) {
      throw this.#refused(
        `the org has no field ${signalField} of a case (option signalField), or the user may not see it`,
        `组织的工单没有字段 ${signalField}（选项 signalField），或该用户无权查看`,
      )
    }
    this.#described = described
    return described
  }

  /** The cases that are there, by id; one that was merged away stands for the one that is left. */
  async states(ids: readonly string[], actionId: string, means: CallMeans): Promise<readonly CaseState[]> {
    const found = await this.#cases(ids, means)
    const masters = found.map((row) => textAt(row, 'MasterRecordId')).filter((id) => id !== undefined)
    const merged = masters.length === 0 ? [] : await this.#cases(masters, means)
    const rows = new Map(
      [...found, ...merged]
        .filter((row) => row.IsDeleted !== true)
        .map((row) => [textAt(row, 'Id') ?? '', row]),
    )
    const done = await this.#done([...rows.keys()], actionId, means)
    return [...rows.keys()].sort().map((id) => {
      const row = rows.get(id) ?? {}
      const { signalField } = this.#options
      return {
        id,
        status: textAt(row, 'Status'),
        link: signalField === undefined ? undefined : textAt(row, signalField),
        done: done.get(id) ?? new Map(),
      }
    })
  }

  async #cases(ids: readonly string[], means: CallMeans): Promise<readonly Row[]> {
    const { signalField } = this.#options
    const fields = ['Id', 'Status', 'IsDeleted', 'MasterRecordId']
    if (signalField !== undefined) fields.push(signalField)
    return this.#in(`SELECT ${fields.join(', ')} FROM Case WHERE Id`, ids, true, means)
  }

  /** Case → part → id. */
  async #done(
    ids: readonly string[],
    actionId: string,
    means: CallMeans,
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
    const { messages } = this.#options
    const done = new Map<string, Map<string, string>>()
    const note = (caseId: string | undefined, part: string, id: string | undefined): void => {
      if (caseId === undefined || id === undefined) return
      const parts = done.get(caseId) ?? new Map<string, string>()
      const there = parts.get(part)
      if (there === undefined || id < there) parts.set(part, id)
      done.set(caseId, parts)
    }
    if (messages === undefined) {
      const mark = actionMark(actionId)
      const soql = 'SELECT Id, ParentId, CommentBody FROM CaseComment WHERE ParentId'
      for (const row of await this.#in(soql, ids, false, means)) {
        const found = actionMarkIn(textAt(row, 'CommentBody') ?? '')
        if (found?.mark === mark) note(textAt(row, 'ParentId'), partName(found), textAt(row, 'Id'))
      }
      return done
    }
    const keys = ids.flatMap((id) => [messageKey(actionId, id, 'note'), messageKey(actionId, id, 'reply')])
    const fields = ['Id', messages.key, messages.case, messages.kind].join(', ')
    for (const row of await this.#in(
      `SELECT ${fields} FROM ${messages.object} WHERE ${messages.key}`,
      keys,
      false,
      means,
    )) {
      note(textAt(row, messages.case), textAt(row, messages.kind) ?? '', textAt(row, 'Id'))
    }
    return done
  }

  async #in(
    select: string,
    values: readonly string[],
    all: boolean,
    means: CallMeans,
  ): Promise<readonly Row[]> {
    const rows: Row[] = []
    for (let from = 0; from < values.length; from += idsPerQuery) {
      const some = values.slice(from, from + idsPerQuery).map(quoted)
      rows.push(...(await this.#rest.rows(`${select} IN (${some.join(', ')})`, all, means)))
    }
    return rows
  }

  #refused(en: string, zh: string): AndonError {
    return refused(this.#rest.http.speaker, { en, zh }, new Error(en))
  }
}

/** The external id of a message: one for each action, case and kind. */
export const messageKey = (actionId: string, caseId: string, kind: string): string =>
  `${actionMark(actionId)}-${caseId}-${kind}`
