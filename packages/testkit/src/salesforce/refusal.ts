/** What the org refuses, as its API says it: `[{ message, errorCode, fields }]`. */
export class SalesforceRefusal extends RangeError {
  override readonly name = 'SalesforceRefusal'

  constructor(
    readonly errorCode: string,
    message: string,
    readonly fields: readonly string[] = [],
    readonly status = 400,
  ) {
    super(message)
  }
}
