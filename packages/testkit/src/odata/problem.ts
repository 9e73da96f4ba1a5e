import { randomUUID } from 'node:crypto'
import { jsonAnswer, type SimulatorAnswer } from '../simulator/exchange.js'

export type ODataVersion = 2 | 4

/** The system's no. */
export class ODataProblem extends Error {
  /** @param code SAP's message class and number, e.g. `M7/021`, or a code of the gateway's own */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: string,
    /** The field that is wrong. */
    readonly target?: string,
  ) {
    super(text)
  }
}

/** The two shapes of an error: V2 has a message in a language and inner details, V4 has texts. */
export function problemAnswer(version: ODataVersion, problem: ODataProblem): SimulatorAnswer {
  const { status, code, text, target } = problem
  const details = { code, message: text, ...(target === undefined ? {} : { target }) }
  if (version === 4) {
    return jsonAnswer(
      status,
      {
        error: {
          code,
          message: text,
          ...(target === undefined ? {} : { target }),
          details: [{ ...details, '@Common.numericSeverity': 4 }],
        },
      },
      { 'odata-version': '4.0' },
    )
  }
  return jsonAnswer(
    status,
    {
      error: {
        code,
        message: { lang: 'en', value: text },
        innererror: {
          application: {
            component_id: '',
            service_namespace: '/SAP/',
            service_id: '',
            service_version: '0001',
          },
          transactionid: randomUUID().replaceAll('-', '').toUpperCase(),
          timestamp: '',
          Error_Resolution: { SAP_Transaction: '', SAP_Note: '' },
          errordetails: [{ ...details, propertyref: target ?? '', severity: 'error', target: target ?? '' }],
        },
      },
    },
    { dataserviceversion: '1.0' },
  )
}
