import { protocolErrors, protocolErrorsCodesById } from '@platformatic/kafka'

/** What to do about one partition's answer. */
export type Verdict = 'written' | 'again' | 'moved' | 'new-producer' | 'too-large' | 'refused'

const verdicts: Readonly<Record<string, Verdict>> = {
  NONE: 'written',
  // It was written by a try whose answer was lost.
  DUPLICATE_SEQUENCE_NUMBER: 'written',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'new-producer',
  UNKNOWN_PRODUCER_ID: 'new-producer',
  INVALID_PRODUCER_EPOCH: 'new-producer',
  INVALID_PRODUCER_ID_MAPPING: 'new-producer',
  MESSAGE_TOO_LARGE: 'too-large',
  RECORD_LIST_TOO_LARGE: 'too-large',
  UNKNOWN_TOPIC_OR_PARTITION: 'moved',
  NOT_LEADER_OR_FOLLOWER: 'moved',
  LEADER_NOT_AVAILABLE: 'moved',
  FENCED_LEADER_EPOCH: 'moved',
  UNKNOWN_LEADER_EPOCH: 'moved',
}

export const nameOfCode = (code: number): string => protocolErrorsCodesById[code] ?? `error ${code}`

export function verdictOf(code: number): Verdict {
  const name = nameOfCode(code)
  return verdicts[name] ?? (protocolErrors[name]?.canRetry === true ? 'again' : 'refused')
}

/** In words, for an error. */
export const textOfCode = (code: number): string => {
  const name = nameOfCode(code)
  return `${protocolErrors[name]?.message.replace(/\.$/, '') ?? 'unknown'} (${name})`
}

/** An error of a request that the broker refused as a whole: it is known by its name. */
export const errorOfCode = (code: number): Error =>
  Object.assign(new Error(textOfCode(code)), { apiId: nameOfCode(code) })
