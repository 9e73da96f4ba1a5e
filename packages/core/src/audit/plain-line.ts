import { hash } from 'node:crypto'
import { literalEnd, objectEnd, stringEnd, unclear } from './canonical-bytes.js'

/** What a line that is right by itself says of its place. */
export interface PlainLine {
  readonly tenant: string
  readonly sequence: number
  readonly hash: string
  readonly previous: string
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text)
const names = {
  action: bytesOf('{"action":'),
  commaAt: bytesOf(',"at":'),
  at: bytesOf('{"at":'),
  data: bytesOf(',"data":'),
  hash: bytesOf(',"hash":"'),
  previous: bytesOf('","previous":"'),
  sequence: bytesOf('","sequence":'),
  signal: bytesOf(',"signal":'),
  tenant: bytesOf(',"tenant":'),
  what: bytesOf(',"version":1,"what":'),
}
const hashLength = 64
/** Length of `"hash":"…",`. */
const hashMember = hashLength + 10

/** Room for what is hashed: allocating it anew for each line takes as long as hashing it. */
let room = Buffer.alloc(8192)

/**
 * Reads a line that is right by itself, most of them at three times the speed of a parser. Undefined means that this
 * could not see it, and nothing else.
 *
 * @param bytes UTF-8
 */
export function readPlainLine(bytes: Buffer): PlainLine | undefined {
  const dataEnd = endOfData(bytes)
  const hashAt = dataEnd === unclear ? unclear : literalEnd(bytes, dataEnd, names.hash)
  if (hashAt === unclear) return undefined
  const previousAt = literalEnd(bytes, hashAt + hashLength, names.previous)
  const sequenceAt =
    previousAt === unclear ? unclear : literalEnd(bytes, previousAt + hashLength, names.sequence)
  if (sequenceAt === unclear) return undefined
  const sequenceEnd = bytes.indexOf(0x2c, sequenceAt)
  const tenantAt = tenantIn(bytes, sequenceEnd)
  const tenantEnd = tenantAt === unclear ? unclear : stringEnd(bytes, tenantAt)
  const whatAt = tenantEnd === unclear ? unclear : literalEnd(bytes, tenantEnd, names.what)
  const whatEnd = whatAt === unclear ? unclear : stringEnd(bytes, whatAt)
  if (whatEnd === unclear || bytes[whatEnd] !== 0x7d || whatEnd + 1 !== bytes.length) return undefined
  const claimed = bytes.toString('latin1', hashAt, hashAt + hashLength)
  const sequence = bytes.toString('latin1', sequenceAt, sequenceEnd)
  const previous = bytes.toString('latin1', previousAt, previousAt + hashLength)
  if (!/^[1-9]\d{0,14}$/.test(sequence) || !/^[0-9a-f]{64}$/.test(previous)) return undefined
  if (digestWithout(bytes, dataEnd + 1) !== claimed) return undefined
  // A text of JSON, by stringEnd.
  const tenant = String(JSON.parse(bytes.toString('utf8', tenantAt, tenantEnd)))
  return { tenant, sequence: Number(sequence), hash: claimed, previous }
}

function endOfData(bytes: Uint8Array): number {
  const actionAt = literalEnd(bytes, 0, names.action)
  const actionEnd = actionAt === unclear ? unclear : stringEnd(bytes, actionAt)
  if (actionAt !== unclear && actionEnd === unclear) return unclear
  const timeAt =
    actionAt === unclear ? literalEnd(bytes, 0, names.at) : literalEnd(bytes, actionEnd, names.commaAt)
  const timeEnd = timeAt === unclear ? unclear : stringEnd(bytes, timeAt)
  const dataAt = timeEnd === unclear ? unclear : literalEnd(bytes, timeEnd, names.data)
  return dataAt === unclear ? unclear : objectEnd(bytes, dataAt)
}

/** Where the tenant's text begins: after the number, or after the signal that may stand between. */
function tenantIn(bytes: Uint8Array, at: number): number {
  const signalAt = literalEnd(bytes, at, names.signal)
  if (signalAt === unclear) return literalEnd(bytes, at, names.tenant)
  const signalEnd = stringEnd(bytes, signalAt)
  return signalEnd === unclear ? unclear : literalEnd(bytes, signalEnd, names.tenant)
}

/** SHA-256 of a line without the member that begins at `from`, its hash. */
export function digestWithout(bytes: Uint8Array, from: number): string {
  if (room.length < bytes.length) room = Buffer.alloc(bytes.length * 2)
  room.set(bytes.subarray(0, from))
  room.set(bytes.subarray(from + hashMember), from)
  return hash('sha256', room.subarray(0, bytes.length - hashMember), 'hex')
}
