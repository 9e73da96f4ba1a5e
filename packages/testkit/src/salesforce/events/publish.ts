import { randomUUID } from 'node:crypto'
import type { Author, CommittedChange } from '../org.js'
import type { SalesforceValue } from '../record.js'
import { type ChangeHeader, encodeChange } from './encode-change.js'
import type { EventLog } from './event-log.js'
import type { Topics } from './topics.js'

/** How a transaction is told: event by event, as gaps with ids only, or as one overflow without ids. */
export type Telling = 'events' | 'gaps' | 'overflow'

export interface Publisher {
  /** Puts the events of one transaction into the log. */
  publish(changes: readonly CommittedChange[], author: Author, telling: Telling): void
  /** An event without a change, by its type and ids. */
  gap(object: string, changeType: string, recordIds: readonly string[], author: Author): void
}

const largest = 1_000_000
const longText = 1000
// Real ones are about so large: more than a number holds exactly.
const firstCommit = 1_717_986_918_400_000_000n

/** Several records that one transaction changed in the same way are told by one event. */
function merged(changes: readonly CommittedChange[]): readonly (readonly CommittedChange[])[] {
  const groups: CommittedChange[][] = []
  for (const change of changes) {
    const last = groups.at(-1)
    const [first] = last ?? []
    const alike =
      first !== undefined &&
      change.type !== 'CREATE' &&
      first.type === change.type &&
      first.object === change.object &&
      last?.every(({ id }) => id !== change.id) === true &&
      first.changed.join() === change.changed.join() &&
      change.changed.every((name) => change.after[name] === first.after[name]) &&
      diffFieldsOf(change).length === 0
    if (alike) last?.push(change)
    else groups.push([change])
  }
  return groups
}

/** Long texts that replace long texts are told as a difference. */
const diffFieldsOf = ({ type, changed, before, after }: CommittedChange): readonly string[] =>
  type === 'UPDATE'
    ? changed.filter((name) => isLong(before?.[name] ?? null) && isLong(after[name] ?? null))
    : []

const isLong = (value: SalesforceValue): boolean => typeof value === 'string' && value.length > longText

/** A unified difference that replaces all lines. */
function unifiedDiff(before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const lines = [...old.map((line) => `-${line}`), ...fresh.map((line) => `+${line}`)]
  return ['--- ', '+++ ', `@@ -1,${old.length} +1,${fresh.length} @@`, ...lines].join('\n')
}

function valuesOf({
  type,
  changed,
  before,
  after,
}: CommittedChange): Readonly<Record<string, SalesforceValue>> {
  if (type === 'DELETE') return {}
  if (type !== 'UPDATE') return after
  return Object.fromEntries(
    changed.map((name) => {
      const [old, fresh] = [before?.[name] ?? null, after[name] ?? null]
      const differs = isLong(old) && isLong(fresh)
      return [name, differs ? unifiedDiff(String(old), String(fresh)) : fresh]
    }),
  )
}

export function publisher(log: EventLog, topics: Topics): Publisher {
  let commitNumber = firstCommit

  const header = (author: Author, transactionKey: string, sequenceNumber: number) => ({
    ...{ transactionKey, sequenceNumber, commitNumber, commitTimestamp: author.at },
    ...{ changeOrigin: author.origin, commitUser: author.user },
    ...{ nulledFields: [], diffFields: [], changedFields: [] },
  })
  const append = (event: ChangeHeader, values: Readonly<Record<string, SalesforceValue>>): void => {
    const schema = topics.schemaOf(event.entityName)
    if (schema === undefined) return
    const payload = encodeChange(schema, event, values)
    if (payload.length <= largest) log.append(event.entityName, event.commitTimestamp, schema.id, payload)
    else {
      const gap = { ...event, changeType: `GAP_${event.changeType}`, nulledFields: [], diffFields: [] }
      append({ ...gap, changedFields: [] }, {})
    }
  }

  return {
    publish(changes, author, telling) {
      const told = changes.filter(({ object }) => topics.schemaOf(object) !== undefined)
      if (told.length === 0) return
      commitNumber += 1n + BigInt(told.length)
      const transactionKey = randomUUID()
      if (telling === 'overflow') {
        for (const object of new Set(told.map((change) => change.object))) {
          const head = { ...header(author, transactionKey, 1), entityName: object, recordIds: [] }
          append({ ...head, changeType: 'GAP_OVERFLOW' }, {})
        }
        return
      }
      let sequence = 0
      for (const group of merged(told)) {
        const [first] = group
        if (first === undefined) continue
        sequence += 1
        const { object: entityName, type, changed, after } = first
        const recordIds = group.map(({ id }) => id)
        const head = { ...header(author, transactionKey, sequence), entityName, recordIds }
        if (telling === 'gaps') append({ ...head, changeType: `GAP_${type}` }, {})
        else {
          const bitmaps =
            type === 'UPDATE'
              ? {
                  changedFields: changed,
                  nulledFields: changed.filter((name) => (after[name] ?? null) === null),
                  diffFields: diffFieldsOf(first),
                }
              : {}
          append({ ...head, changeType: type, ...bitmaps }, valuesOf(first))
        }
      }
    },
    gap(object, changeType, recordIds, author) {
      commitNumber += 1n
      const head = { ...header(author, randomUUID(), 1), entityName: object, recordIds }
      append({ ...head, changeType }, {})
    },
  }
}
