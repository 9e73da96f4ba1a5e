import { isAndonError } from '@andon/core/errors'

/** Which argument a call refuses; undefined when it takes all. */
export function refusedBy(call: () => unknown): string | undefined {
  try {
    call()
    return undefined
  } catch (error) {
    if (!isAndonError(error, 'OPTIONS_INVALID')) throw error
    return String(error.details.option)
  }
}
