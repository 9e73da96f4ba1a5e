import type { NodeLine } from '../cluster/node-line.js'
import type { Answer } from '../wire/answer.js'
import { Request } from '../wire/request.js'
import { errorOfCode } from './answers.js'
import type { Identity } from './line.js'

/** InitProducerId; Kafka 2.7 knows version 4. */
const api = { key: 22, version: 4 }

/** @param timeoutMs how long a transaction may take, though there are none */
export function identityRequest(clientId: string, timeoutMs: number): Request {
  // No transaction; and -1: a new one. Anything else asks to go on as a producer that somebody else may be.
  return new Request(api, clientId).nothing().int32(timeoutMs).int64(-1).int16(-1).noTags()
}

/** @throws Error when the broker refuses */
export function identityAnswer(answer: Answer): Identity {
  // How long we are held up for our quota.
  answer.skip(4)
  const errorCode = answer.int16()
  if (errorCode !== 0) throw errorOfCode(errorCode)
  return { producerId: answer.bigint64(), producerEpoch: answer.int16() }
}

/** Asks for a producer that is nobody else. */
export async function newIdentity(line: NodeLine, timeoutMs: number): Promise<Identity> {
  return identityAnswer(await line.ask(identityRequest(line.clientId, timeoutMs), timeoutMs))
}
