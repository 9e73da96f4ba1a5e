import { jsonAnswer, type SimulatorAnswer } from '../simulator/exchange.js'

/** In which of its shapes a service of DM refuses. */
export type RefusalShape =
  /** `{ code, message, causeMessage, correlationId }` */
  | 'code'
  /** `{ errorMessageKey, displayMessage, technicalMessage, errorCode }` */
  | 'display'
  /** `{ status: 'Failure', data: { success, failed } }`, as changeProduction does. */
  | 'change'

/** DM's no. Nothing was done, unless `changed` says so. */
export class DmRefusal extends Error {
  constructor(
    readonly status: 400 | 403 | 404 | 409 | 500,
    readonly code: string,
    message: string,
    /** Of changeProduction: the units that were changed all the same. */
    readonly changed: readonly string[] = [],
  ) {
    super(message)
  }
}

export function refusalAnswer(
  status: number,
  shape: RefusalShape,
  code: string,
  message: string,
  changed: readonly string[] = [],
): SimulatorAnswer {
  const correlationId = '5b2c0f6e-0000-4000-8000-000000000000'
  if (shape === 'display') {
    return jsonAnswer(status, {
      errorMessageKey: code,
      displayMessage: message,
      technicalMessage: `${code}: ${message}`,
      errorCode: 16_001,
      timestamp: 1_767_225_600_000,
      status,
    })
  }
  const error = { code, message, causeMessage: `${code}: ${message}`, correlationId }
  if (shape === 'code') return jsonAnswer(status, error)
  return jsonAnswer(status, {
    status: changed.length > 0 ? 'Partial Success' : 'Failure',
    data: {
      success: changed.map((sfc) => ({ sfc, message: 'changed' })),
      failed: [{ ...error, arguments: [] }],
    },
  })
}
