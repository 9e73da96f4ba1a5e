import type { JsonObject, Subject } from '@andon/core/connector'
import { writeAnswers } from '../contract/answers.js'
import type {
  MesOperations,
  MesSchemas,
  MesWrite,
  MesWriteCall,
  MesWriteName,
  MesWriteShapes,
} from '../contract/operations.js'
import { MesRefusal } from '../http/failures.js'

/** What one write came to. */
export interface Done {
  readonly reference: string
  readonly proof: JsonObject
  /** The action id had its effect before. */
  readonly before: boolean
}

/** What one action, or its undoing, means for an MES: one write. */
export interface Plan {
  readonly operation: MesWriteName
  perform(operations: MesOperations, call: MesWriteCall): Promise<Done>
  /** The same of an answer of before. Undefined when the record is of something else, or does not keep the contract. */
  recall(record: MesSchemas['ActionRecord']): Done | undefined
  /** The parameter that is read back from the equipment, and the value that it should have. */
  readonly readBack?: { readonly subject: Subject; readonly value: number }
  /** The refusals that say that there is nothing left to undo, and whose state shows it. */
  readonly nothingLeft?: { readonly codes: readonly string[]; readonly subject?: Subject }
}

const without = (operation: string): MesRefusal =>
  new MesRefusal('no_such_operation', { en: `this MES has no ${operation}`, zh: `该 MES 没有 ${operation}` })

/** A plan of one operation. `proof` says what of its answer goes into the receipt. */
export function planned<K extends MesWriteName>(
  operation: K,
  asked: MesWriteShapes[K][0],
  proof: (told: MesWriteShapes[K][1]) => JsonObject,
  more: Pick<Plan, 'readBack' | 'nothingLeft'> = {},
): Plan {
  const done = (told: MesWriteShapes[K][1], before: boolean): Done => ({
    ...{ reference: told.reference, proof: proof(told), before },
  })
  return {
    ...{ operation, ...more },
    async perform(operations, call) {
      const writes: { readonly [N in MesWriteName]?: MesWrite<N> } = operations
      const write: MesWrite<K> | undefined = writes[operation]
      if (write === undefined) throw without(operation)
      const told = await write.call(operations, asked, call)
      return done(told, told.replayed === true)
    },
    recall(record) {
      if (record.operation !== operation) return undefined
      const told = writeAnswers[operation].safeParse(record.result)
      return told.success ? done(told.data, true) : undefined
    },
  }
}
