import type { CallContext } from '@andon/core/connector'
import type { components } from '../generated/andon-mes.v1.js'

/** The shapes of the published contract, as `openapi-typescript` makes them of `openapi/andon-mes.v1.json`. */
export type MesSchemas = components['schemas']

/** What every call gets. */
export type MesCall = Pick<CallContext, 'signal' | 'clock' | 'traceparent'>

/** What a call that changes something gets: its effect happens once for one `actionId`. */
export interface MesWriteCall extends MesCall {
  readonly actionId: string
}

/** An answer, and whether the action id had its effect before. */
export type MesWritten<T> = T & { readonly replayed?: boolean }

type In<Name extends string> = { readonly [K in Name]: string }

/** Every write of the contract: what is asked, with the ids of its path, and what is answered. */
export interface MesWriteShapes {
  holdLot: [asked: MesSchemas['LotHold'] & In<'lot'>, told: MesSchemas['LotAnswer']]
  releaseLot: [asked: MesSchemas['LotRelease'] & In<'lot'>, told: MesSchemas['LotAnswer']]
  holdUnits: [asked: MesSchemas['UnitsHold'], told: MesSchemas['UnitsAnswer']]
  releaseUnits: [asked: MesSchemas['UnitsRelease'], told: MesSchemas['UnitsAnswer']]
  prioritiseOrder: [asked: MesSchemas['Prioritise'] & In<'order'>, told: MesSchemas['PriorityAnswer']]
  scheduleRework: [asked: MesSchemas['Rework'], told: MesSchemas['OrderAnswer']]
  cancelRework: [asked: MesSchemas['Cancellation'] & In<'order'>, told: MesSchemas['OrderAnswer']]
  requestInspection: [asked: MesSchemas['InspectionRequest'], told: MesSchemas['InspectionAnswer']]
  cancelInspection: [
    asked: MesSchemas['Cancellation'] & In<'inspection'>,
    told: MesSchemas['InspectionAnswer'],
  ]
  raiseNotification: [asked: MesSchemas['NotificationRequest'], told: MesSchemas['NotificationAnswer']]
  withdrawNotification: [
    asked: MesSchemas['Cancellation'] & In<'notification'>,
    told: MesSchemas['NotificationAnswer'],
  ]
  sendMessage: [asked: MesSchemas['MessageRequest'], told: MesSchemas['MessageAnswer']]
  adjustParameter: [
    asked: MesSchemas['ParameterChange'] & In<'equipment' | 'parameter'>,
    told: MesSchemas['ParameterAnswer'],
  ]
}
export type MesWriteName = keyof MesWriteShapes

export type MesWrite<K extends MesWriteName> = (
  request: MesWriteShapes[K][0],
  call: MesWriteCall,
) => Promise<MesWritten<MesWriteShapes[K][1]>>

export type MesWrites = { readonly [K in MesWriteName]: MesWrite<K> }

export interface MesReads {
  getStatus(call: MesCall): Promise<MesSchemas['Status']>
  getStates(question: MesSchemas['StatesQuestion'], call: MesCall): Promise<MesSchemas['States']>
  traceGenealogy(question: MesSchemas['GenealogyQuestion'], call: MesCall): Promise<MesSchemas['Genealogy']>
  listAlarms(
    question: { readonly after?: string; readonly limit: number; readonly waitSeconds: number },
    call: MesCall,
  ): Promise<MesSchemas['Alarms']>
}

/**
 * The seam: an MES as a set of operations. An MES that keeps the contract has them over HTTP; for any other one, an adapter
 * maps those that it has. Every operation keeps the sentences of the contract: one action id has one effect; no is said by
 * throwing `MesRefusal`; whatever else is thrown counts as an unknown outcome.
 */
export interface MesOperations extends Partial<MesReads>, Partial<MesWrites> {
  /**
   * What became of an action id; undefined only where it surely had no effect and nothing asked with it is still on its
   * way. Where the MES has no place for the id, keep it beside what was done, e.g. at the end of a comment that can be
   * searched. Without it nothing could be asked a second time.
   */
  getAction(
    request: { readonly actionId: string },
    call: MesCall,
  ): Promise<MesSchemas['ActionRecord'] | undefined>
}
