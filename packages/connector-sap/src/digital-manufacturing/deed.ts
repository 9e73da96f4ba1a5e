import type { Action, CallContext, ExecuteContext, JsonObject, Receipt } from '@andon/core/connector'

/** How one kind of action is done in DM. */
export interface Deed {
  execute(action: Action, context: ExecuteContext): Promise<Receipt>
  /** The receipt when there is any trace of the action, undefined when there surely is none; changes nothing. */
  lookUp(action: Action, context: CallContext): Promise<Receipt | undefined>
  revert(action: Action, receipt: Receipt, context: ExecuteContext): Promise<Receipt>
}

/** How the action is named in DM's texts: one word, whatever is in its id. */
export const markOf = ({ id }: Pick<Action, 'id'>): string => `andon:${encodeURIComponent(id)}`

/** How its undoing is named. */
export const revertMarkOf = (action: Action): string => `${markOf(action)}:revert`

/** How a record is closed whose change DM has refused for good: the next try, if a person asks for one, begins anew. */
export const refusedMarkOf = (action: Pick<Action, 'id'>): string => `${markOf(action)}:refused`

export const receiptOf = (reference: string, proof: JsonObject, alreadyDone: boolean): Receipt => ({
  ...{ reference, proof },
  ...(alreadyDone && { alreadyDone }),
})
