import type { Clock } from '@andon/core/connector'
import type { Telling } from './events/publish.js'
import type { Author, Org, Writer } from './org.js'
import { SalesforceRefusal } from './refusal.js'
import type { ChangeOptions, SalesforceData } from './salesforce.js'

export interface People extends SalesforceData {
  transaction(changes: (change: SalesforceData) => void, options?: ChangeOptions): void
  overflow(changes: (change: SalesforceData) => void): void
}

const webOrigin = 'com/salesforce/api/soap/67.0;client=SfdcInternalAPI/'

/** Changes that people make: `commit` runs the work in a transaction of this author. */
export function peopleOf(
  org: Org,
  { clock, agentId }: { clock: Clock; agentId: string },
  commit: (author: Author, telling: Telling, work: (writer: Writer) => void) => void,
): People {
  const authorOf = ({ user = agentId, origin = webOrigin, begunAgoMs = 0 }: ChangeOptions): Author => {
    const at = clock.now()
    return { user, origin, stampedAt: at - begunAgoMs, at }
  }

  const dataOf = (writer: Writer): SalesforceData => ({
    create: (object, fields) => writer.create(object, fields),
    update: (object, id, fields) => writer.update(object, id, fields),
    delete: (object, id) => removed(writer, object, id),
    undelete(object, id) {
      writer.undelete(object, id)
      for (const child of childrenOf(object)) {
        for (const { Id, ParentId, IsDeleted } of [...org.rows(child)]) {
          if (ParentId === id && IsDeleted === true) writer.undelete(child, String(Id))
        }
      }
    },
    merge(object, master, losers) {
      for (const loser of losers) {
        if (loser === master)
          throw new SalesforceRefusal('INVALID_ID_FIELD', 'a record cannot be merged with itself')
        for (const child of childrenOf(object)) {
          for (const { Id, ParentId } of [...org.rows(child)]) {
            if (ParentId === loser) writer.move(child, String(Id), { ParentId: master })
          }
        }
        writer.delete(object, loser, master)
      }
      writer.update(object, master, {})
    },
  })

  const childrenOf = (object: string): readonly string[] =>
    object === 'Case' ? ['CaseComment', 'EmailMessage'] : []

  /** What belongs to a case goes with it. */
  const removed = (writer: Writer, object: string, id: string): void => {
    for (const child of childrenOf(object)) {
      for (const { Id, ParentId, IsDeleted } of [...org.rows(child)]) {
        if (ParentId === id && IsDeleted !== true) writer.delete(child, String(Id))
      }
    }
    writer.delete(object, id)
  }

  const transaction = (work: (change: SalesforceData) => void, options: ChangeOptions = {}): void =>
    commit(authorOf(options), options.gap === true ? 'gaps' : 'events', (writer) => work(dataOf(writer)))

  return {
    transaction,
    overflow: (work) => commit(authorOf({}), 'overflow', (writer) => work(dataOf(writer))),
    create(object, fields, options) {
      let id = ''
      transaction((change) => {
        id = change.create(object, fields)
      }, options)
      return id
    },
    update: (object, id, fields, options) =>
      transaction((change) => change.update(object, id, fields), options),
    delete: (object, id, options) => transaction((change) => change.delete(object, id), options),
    undelete: (object, id, options) => transaction((change) => change.undelete(object, id), options),
    merge: (object, master, losers, options) =>
      transaction((change) => change.merge(object, master, losers), options),
  }
}
