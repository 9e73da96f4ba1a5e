import { checkedFields } from './checked-fields.js'
import { idOf } from './ids.js'
import { instantText } from './instants.js'
import type { ObjectModel } from './model.js'
import type { SalesforceChange, SalesforceRecord } from './record.js'
import { createRecords, notFound, type Records, type Row } from './records.js'
import { SalesforceRefusal } from './refusal.js'

/** Who changes something, and how it is told. */
export interface Author {
  readonly user: string
  readonly origin: string
  /** Epoch ms that stamp the rows: when the transaction began. */
  readonly stampedAt: number
  /** Epoch ms of the commit. */
  readonly at: number
  /** The owner that an assignment rule gives a case; undefined where none is applied. */
  readonly assignedOwnerId?: string
}

/** A change with what events tell of it. */
export interface CommittedChange extends SalesforceChange {
  /** The names of the fields that changed, in the object's order. */
  readonly changed: readonly string[]
  readonly before: Readonly<Row> | undefined
  readonly after: Readonly<Row>
}

/** Records and the rules of writing them. */
export interface Org extends Omit<Records, 'put' | 'remove'> {
  /** Does all of it or, where it throws, nothing; tells of it once. */
  transaction(author: Author, work: (writer: Writer) => void): void
}

/** Writes within a transaction. Each write throws a SalesforceRefusal where the org refuses it. */
export interface Writer {
  create(object: string, fields: Readonly<Record<string, unknown>>): string
  update(object: string, id: string, fields: Readonly<Record<string, unknown>>): void
  delete(object: string, id: string, masterId?: string): void
  undelete(object: string, id: string): void
  /** Writes what a user may not, as the org itself does. */
  move(object: string, id: string, fields: Readonly<Row>): void
  /** Runs it; where it throws a SalesforceRefusal, what it did is undone and that is returned. */
  savepoint(work: () => void): SalesforceRefusal | undefined
}

export interface OrgOptions {
  /** Called before a row is written; throws to refuse it. */
  readonly guard: (object: string, id: string | undefined, author: Author) => void
  readonly committed: (changes: readonly CommittedChange[], author: Author) => void
}

export function createOrg(models: Map<string, ObjectModel>, { guard, committed }: OrgOptions): Org {
  const { put, remove, ...records } = createRecords(models)
  const { model, row } = records
  const counts = new Map<string, number>()
  let caseNumber = 1000

  const live = (object: string, id: string): Readonly<Row> => {
    const found = row(model(object).name, id)
    if (found === undefined) throw notFound()
    if (found.IsDeleted !== true) return found
    throw new SalesforceRefusal('ENTITY_IS_DELETED', 'entity is deleted', [], 404)
  }

  const transaction = (author: Author, work: (writer: Writer) => void): void => {
    const changes: CommittedChange[] = []
    const { user, origin, at } = author
    const stamp = instantText(author.stampedAt)
    const byUser = { LastModifiedDate: stamp, LastModifiedById: user, SystemModstamp: stamp }

    const write = (
      object: ObjectModel,
      type: SalesforceChange['type'],
      after: Row,
      fields: SalesforceRecord,
    ): void => {
      const id = String(after.Id)
      if (object.name === 'Case') settleCase(after, stamp)
      const before = row(object.name, id)
      put(object.name, after)
      const changed = [...object.fields.keys()].filter(
        (name) => (before?.[name] ?? null) !== (after[name] ?? null),
      )
      changes.push({ object: object.name, id, type, fields, origin, user, at, changed, before, after })
    }

    const undo = (to: number): void => {
      for (const { object, id, before } of changes.splice(to).reverse()) {
        if (before === undefined) remove(object, id)
        else put(object, before)
      }
    }

    const assign = (object: ObjectModel): Row =>
      object.name === 'Case' && author.assignedOwnerId !== undefined
        ? { OwnerId: author.assignedOwnerId }
        : {}

    const writer: Writer = {
      create(name, given) {
        const object = model(name)
        guard(name, undefined, author)
        const values = checkedFields(records, object, given, undefined)
        const count = (counts.get(name) ?? 0) + 1
        counts.set(name, count)
        const id = idOf(object.prefix, count)
        const created: Row = {}
        for (const one of object.fields.values()) created[one.name] = values[one.name] ?? one.defaultValue
        Object.assign(created, byUser, { Id: id, CreatedDate: stamp, CreatedById: user }, assign(object))
        if (object.fields.has('OwnerId')) created.OwnerId ??= user
        if (name === 'Case') created.CaseNumber = String(++caseNumber).padStart(8, '0')
        write(object, 'CREATE', created, values)
        return id
      },
      update(name, id, given) {
        const before = live(name, id)
        guard(name, String(before.Id), author)
        const object = model(name)
        const values = checkedFields(records, object, given, String(before.Id))
        write(object, 'UPDATE', { ...before, ...values, ...byUser, ...assign(object) }, values)
      },
      delete(name, id, masterId) {
        const before = live(name, id)
        guard(name, String(before.Id), author)
        const master = masterId === undefined ? {} : { MasterRecordId: masterId }
        write(model(name), 'DELETE', { ...before, ...byUser, ...master, IsDeleted: true }, {})
      },
      undelete(name, id) {
        const before = row(model(name).name, id)
        if (before?.IsDeleted !== true) throw notFound()
        // Back from a merge it has no master any more.
        const master = before.MasterRecordId === undefined ? {} : { MasterRecordId: null }
        write(model(name), 'UNDELETE', { ...before, ...byUser, ...master, IsDeleted: false }, {})
      },
      move(name, id, fields) {
        write(model(name), 'UPDATE', { ...live(name, id), ...fields, ...byUser }, fields)
      },
      savepoint(inner) {
        const before = changes.length
        try {
          inner()
          return undefined
        } catch (error) {
          undo(before)
          if (error instanceof SalesforceRefusal) return error
          throw error
        }
      },
    }

    const refused = writer.savepoint(() => work(writer))
    if (refused !== undefined) throw refused
    if (changes.length > 0) committed(changes, author)
  }

  return { ...records, transaction }
}

/** What only the org writes follows from the status. */
function settleCase(row: Row, stamp: string): void {
  row.IsClosed = row.Status === 'Closed'
  row.ClosedDate = row.IsClosed ? (row.ClosedDate ?? stamp) : null
}
