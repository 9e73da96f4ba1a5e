import type { FeedbackRecord } from '@andon/core/feedback'

/** The model; where none is told its line. */
export const modelOf = ({ productModel, productLine }: FeedbackRecord): string =>
  productModel ?? productLine ?? '?'

/** The code, or where there is none what Andon groups by. */
export const faultOf = ({ faultCode, fingerprint }: FeedbackRecord): string => faultCode?.code ?? fingerprint
